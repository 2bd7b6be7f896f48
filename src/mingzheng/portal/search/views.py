"""The addresses of searching: results, the form for those who know exactly, suggestions, and the open interface."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from mingzheng.city.models import Unit
from mingzheng.portal import addresses
from mingzheng.portal.hot_words.services import hot_words, note_question
from mingzheng.portal.search import results
from mingzheng.portal.search.given import Given, read, themes
from mingzheng.portal.searching.services import KINDS, Answer, Opened, find, opened, suggest
from mingzheng.portal.site import portal_face
from mingzheng.portal.views import page
from mingzheng.publish.catalogue.models import Column

SUGGESTED: Final = 10
HOT: Final = 12
PREPARING: Final = "搜索正在准备，请过几分钟再试。"
COLUMN_LEVELS: Final = 2  # of the tree, in the form


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What is found for what was asked; 503 while there is no index yet."""
    given = read(request.GET)
    text = given.said.get("q", "")
    context = _context(text or "搜索") | {
        "asked": text, "browsing": given.asks and not given.question.says_something, "problems": given.problems,
        "advanced": given.link().replace(addresses.SEARCH, addresses.ADVANCED_SEARCH),
    }  # fmt: skip
    if not given.asks:
        hot = [{"word": word, "url": Given({"q": word}).link()} for word in hot_words(HOT)]
        return page("search", context | {"hot": hot})
    index = opened()
    if index is None:
        return page("search", context | {"preparing": True}, status=503)
    answer, number = _page_of(index, given)
    if number == 1:
        note_question(index, text, answer, request.META.get("REMOTE_ADDR", ""))
    return page("search", context | _shown(answer, given, number))


@require_GET
def search_json(request: HttpRequest) -> JsonResponse:
    """The same as JSON; 400 with the sentences for what cannot be, 503 while there is no index yet.

    ``total`` is exact. ``results`` have ``title``, ``url``, ``date`` of first publication, ``unit``, ``unit_code``,
    ``column``, ``doc_no``, ``index_no``, ``validity`` (empty while it holds) and ``beside``: the interpretations of a
    document, or the document of an interpretation. ``heard`` is what typed pinyin was taken for, ``partly`` says that
    nothing has all the words, ``meant`` is another spelling that finds more.
    """
    given = read(request.GET)
    problems = given.problems if given.problems or given.asks else ["请给出搜索词或者至少一个筛选条件。"]
    if problems:
        return _json({"errors": problems}, status=400)
    index = opened()
    if index is None:
        return _json({"errors": [PREPARING]}, status=503)
    answer, number = _page_of(index, given)
    site = portal_face()
    rows = [
        {name: row[name] for name in row if name not in ("marked", "piece")} | {
            "url": site.address(row["url"]),
            "beside": [each | {"url": site.address(each["url"])} for each in row["beside"]],
        }
        for row in results.rows(answer)
    ]  # fmt: skip
    facets = {
        each["key"]: [{name: value[name] for name in ("name", "value", "count")} for value in each["values"]]
        for each in results.facets(answer.found, given)
    }
    return _json({
        "total": answer.found.total, "page": number, "pages": results.pages_of(answer.found.total),
        "page_size": results.SIZE, "heard": answer.heard, "partly": answer.partly, "meant": answer.meant,
        "results": rows, "facets": facets,
    })  # fmt: skip


@require_GET
def suggestions(request: HttpRequest) -> JsonResponse:
    """What begins as typed, by spelling, pinyin or initials; nothing while there is no index."""
    index = opened()
    text = str(request.GET.get("q", ""))
    found = suggest(index, text, SUGGESTED) if index else []
    return _json({"suggestions": found})


@require_GET
def advanced(request: HttpRequest) -> HttpResponse:
    """The form with a field for everything that can be asked, filled in with what was asked before."""
    given = read(request.GET)
    columns = Column.objects.valid_on(timezone.localdate()).filter(owner=None, level__lte=COLUMN_LEVELS)
    choices = {
        "units": [(unit.code, unit.name) for unit in Unit.objects.order_by("tier", "code")],
        "columns": [(each.slug, f"{'　' * (each.level - 1)}{each.name}") for each in columns],
        "themes": list(themes().items()),
        "kinds": list(KINDS.items()),
    }
    return page("search_advanced", _context("高级搜索") | {"given": given.said, "choices": choices})


def _context(title: str) -> dict[str, Any]:
    site = portal_face()
    return {
        "page": {"title": title, "path": addresses.SEARCH, "url": site.address(addresses.SEARCH), "noindex": True},
        "crumbs": [{"title": "首页", "url": addresses.HOME}, {"title": "搜索"}],
    }  # fmt: skip


def _page_of(index: Opened, given: Given) -> tuple[Answer, int]:
    """The page that was asked for, or the last one where there are not so many."""
    question = given.question
    answer = find(index, question, (given.page - 1) * results.SIZE, results.SIZE)
    last = max(results.pages_of(answer.found.total), 1)
    if given.page <= last:
        return answer, given.page
    given.problems.append(f"一共只有{last}页，没有第{given.page}页，现显示最后一页。")
    return find(index, question, (last - 1) * results.SIZE, results.SIZE), last


def _shown(answer: Answer, given: Given, number: int) -> dict[str, Any]:
    total = answer.found.total
    said = given.question.says_something
    return {
        "total": total, "rows": results.rows(answer), "facets": results.facets(answer.found, given),
        "filters": results.filters(given), "sorts": results.sorts(given),
        "only_in_force": "" if given.said.get("force") or not said else given.link(force="1"),
        "pager": results.pager(total, given, number), "heard": answer.heard, "partly": answer.partly,
        "meant": {"text": answer.meant, "url": given.link(q=answer.meant)} if answer.meant else None,
    }  # fmt: skip


def _json(told: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
