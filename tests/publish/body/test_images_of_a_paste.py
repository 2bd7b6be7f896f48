"""Pictures within a pasted text are taken out for upload and put back; what cannot be taken is said."""

from __future__ import annotations

import base64

import pytest
from tests.publish.body.documents import png

from mingzheng.law.errors import Refusal
from mingzheng.publish.body.services import clean_html, put_images, take_images


def data(content, kind="image/png"):
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def test_a_picture_is_taken_out_and_put_back():
    html, images, losses = take_images(f'<p>甲<img src="{data(png())}" alt="堤防"></p>')
    assert html == '<p>甲<img src="upload:0" alt="堤防"></p>'
    assert [(image.content, image.content_type, image.name, image.alt) for image in images] == [
        (png(), "image/png", "图片1.png", "堤防")
    ]
    assert losses == []
    assert clean_html(put_images(html, ["/media/a.png?v=1&b"])) == (
        '<p>甲<img src="/media/a.png?v=1&amp;b" alt="堤防"></p>'
    )


def test_a_text_without_such_pictures_is_not_touched():
    html = '<P>甲<IMG SRC="/a.png"> http://a.cn/b:c'
    assert take_images(html) == (html, [], [])


def test_what_a_picture_is_tells_its_content():
    _, images, _ = take_images(f'<img src="{data(png(), "image/jpeg")}">')
    assert images[0].content_type == "image/png"


def test_pictures_on_the_writers_computer_are_told_by_their_place():
    taken = take_images(f'<img src="{data(png())}"><p><img src="file:///C:/a/clip_image002.jpg">乙</p>')
    assert taken.html == '<img src="upload:0"><p>乙</p>'
    assert taken.losses == ["第2张图片在您的电脑上，未能随文粘贴，请单独上传。"]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (data(b"<svg onload='a()'/>", "image/svg+xml"), "第1张图片不是有效的PNG、JPEG、GIF或者WebP图片"),
        (data(b"BM" + bytes(60)), "第1张图片不是有效的"),  # another format under a false name
        (data(png()[:40]), "第1张图片不是有效的"),  # cut off
        ("data:image/png;base64,***", "第1张图片的数据不完整"),
        ("data:image/png,abc", "第1张图片的数据不完整"),
        (data(bytes(20 * 1024 * 1024 + 1)), "第1张图片有20.0MB，超过20MB的上限"),
        (data(png(1)[:16] + (60000).to_bytes(4, "big") * 2 + png(1)[24:]), "第1张图片"),  # 3.6 billion pixels
        ("upload:7", "第1张图片的内容已经丢失"),  # copied out of an unfinished draft
    ],
)
def test_other_pictures_are_dropped_with_a_sentence(source, sentence):
    html, images, losses = take_images(f'<p>甲<img src="{source}"></p>')
    assert (html, images) == ("<p>甲</p>", [])
    assert losses[0].startswith(sentence)


def test_a_picture_without_an_address_is_refused():
    with pytest.raises(Refusal, match="第2张图片还没有上传"):
        put_images('<img src="upload:0"><img src="upload:1">', ["/a.png"])


def test_an_address_cannot_break_out_of_its_place():
    assert put_images('<img src="upload:0">', ['"><script>']) == '<img src="&quot;&gt;&lt;script&gt;">'
