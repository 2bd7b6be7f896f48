"""Statements in the phrasings of annual reports: true ones are never errors, false ones are found."""

from __future__ import annotations

import pytest

from mingzheng.measure.reportcheck import Result, check_lines
from mingzheng.measure.reportcheck.lines import Line


def check(text: str) -> Result:
    return check_lines([Line(line, f"第{number}行") for number, line in enumerate(text.split("\n"), start=1)])


def errors(text: str) -> list[str]:
    return [
        f"{finding.kind}:{finding.claim}|{finding.computed}"
        for finding in check(text).findings
        if finding.level == "error"
    ]


TRUE = [
    # sums: closed by 其中, brackets, colon, 中, or nothing
    "全年公开信息360条,其中网站公开200条,微信公众号公开160条。",
    "全年公开信息360条。其中,市直部门公开240条,占66.7%。各乡镇公开120条,占33.3%。",
    "收到申请36件(当面6件、网络20件、信函10件)。",
    "办理申请28件,28件中已主动公开8件,同意公开15件,信息不存在5件。",
    "公布权力清单320项:行政许可35项、行政处罚210项、其他权力75项。",
    "全年公开信息506条,政策类13条,规范性文件22条,动态类471条。",
    "公开财政政策11条,重大政策17条,共公开28条。",
    "办理建议23件、提案31件,合计54件。",
    "新收69件,上年结转1件,14069+560=14629。",
    # two divisions of one total, lists within lists, two lists in one sentence
    "全年办理申请7件,其中自然人6件,法人1件,予以公开1件,不掌握4件,已公开1件,不予公开1件。",
    "全年公开51条。其中公开政府信息29条,包括职能13条,年报6条,预决算10条。通过广播公开22条。",
    "收到10件,其中当面3件,网络7件;答复10件,其中予以公开6件、不予公开2件、无法提供2件。",
    "发布信息2000条,其中动态1200条(图片300条),公告500条,其他300条。",
    # lists that do not say that they are complete
    "收到申请100件,其中网络申请80件,答复100件,其中同意公开60件。",
    "发布信息1458条,主要包括政策182条、动态850条、检查7条等。",
    "召开会议3次,培训1次,检查2次。",
    "全年发布信息846条,公开文件24份,其中制发规范性文件1份。",
    # channels may show one item more than once
    "公开信息100条,其中网站公开90条,微信公众号公开60条。",
    # thousands separators, full width, 万, approximations
    "公开信息3,560条,其中网站2,000条,微信1,560条。",
    "公开信息３５６０条，其中网站２０００条，微信１５６０条。",
    "公开信息1.2万条,其中网站8000条,微信4000条。",
    "公开信息约1.2万条,其中网站8000条,微信4300条。",
    "公开信息3万余条,其中网站2.5万条,微信6000条。",
    # rates and shares
    "受理信件240件,办结236件,办结率98.3%。",
    "受理信件240件,办结236件,办结率98.33%。",
    "受理热线12345件,办结12300件,按时办结率100%,满意率98.5%。",  # in due time: of those closed
    "共收到85件,除2件结转下年办理外,均依法答复,答复率100%。",
    "最多跑一次事项1274项,占进驻中心1412项事项的90%以上。",
    "政策类80条、动态类120条,分别占40%和60%。",
    "公开信息200条,其中政策类80条(40%)、动态类120条(60%)。",
    "发放问卷200份,收回186份,回收率93%。",
    "差评数占评价总数的0.34%,好评数占评价总数的99.58%。",
    "全年公开信息226条,其中网站131条,微信95条。民生信息共209条,占92.48%。",
    # growth
    "收到申请15件,比上年的12件增加3件,增长25%。",
    "收到申请15件,较上年增加3件,增长25%。",
    "公开信息980条,比2016年减少20条,下降2%。",
    "公开信息由2017年的1000条增加到1250条,增长25%。",
    "2020年公开1000条,2019年公开800条,同比增长25%。",
    "公开信息1250条,同比增长70.3%。",
    "好评率99.5%,比上年提高1.2个百分点。",
    "公开数量同比分别增长10.57%13.74%4.5%。",  # separators lost in extraction
    "参加新闻发布会40人次、参加在线访谈1952人次。",
    # flow of requests
    "新收到申请30件,上年结转2件,办结29件,结转下年3件。",
    "新收到1182件,办理1187件(含上年度结转申请57件,另有52件申请顺延到下年度答复)。",
    "收到申请30件,28件已答复,2件结转下年度办理。",
    # counts of listed things
    "制定了《公开办法》《审查办法》《考核办法》3项制度。",
    "制定了《公开办法》《审查办法》等4项制度。",
    "坚持三个统一(统一平台、统一标准、统一管理)。",
    "实现三网融合(门户网、信息公开网和服务平台)。",
    "存在以下三方面问题:一是认识不足;二是力度不够;三是人手紧张。",
]

FALSE = [
    "全年公开信息360条,其中网站公开200条,微信公众号公开170条。",  # more than the whole, by too little for an overlap
    "收到申请36件(当面6件、网络20件、信函11件)。",
    "制作信息3978条,其中主动公开2026条,依申请公开46条,不予公开1854条。",  # there is no fourth kind
    "收到申请30件,自然人27件、法人2件。",
    "公布清单320项,其中许可35项、处罚210项、其他65项。",  # 其他 leaves nothing over
    "公开文件25件,其中规范性文件27件。",
    "办理建议23件、提案31件,合计55件。",
    "办理工单1200件、信箱80件、留言20件,共计1310件。",
    "配备工作人员15名,其中专职5名,兼职11名。",
    "两类合计为10+18=29件。",
    "办理申请7件,其中自然人6件,法人1件,予以公开1件,不掌握4件,不予公开8件。",
    "公开信息1000条。县直各单位主动公开政府信息700条,占70%。各乡镇主动公开政府信息300条,占30%。共主动公开政府信息900条。"
    "县直各单位主动公开政府信息650条,占65%。各乡镇主动公开政府信息350条,占35%。",
    "受理信件1170件,已办结回复1119件,回复率95.46%。",
    "收到留言500条,回复490条,回复率达100%。",
    "公开信息200条,其中政策类80条(41%)、动态类120条(59%)。",
    "公开信息200条,其中政策类80条、动态类120条,分别占45%和55%。",
    "公开信息80条,其中年报1条,占比1.1%;动态79条,占比98.75%。",
    "共收到申请1046件,其中网上862件,占82.4%;信函171件,占16.3%;当面13件,占1.3%。",  # rounded up to fill 100 %
    "最多跑一次事项1200项,占进驻中心1412项事项的90%以上。",
    "答复805件。予以公开258件,占33.9%;不予公开35件,占4.35%;无法提供265件,占32.9%;不予处理158件,占19.6%。",
    "收到申请15件,比上年的12件增加4件。",
    "收到申请15件,较上年增加3件,增长20%。",
    "公开信息由2017年的1000条增加到1250条,增长30%。",
    "2020年公开1000条,2019年公开800条,同比增长20%。",
    "新收到申请30件,上年结转2件,办结29件,结转下年4件。",
    "制定了《公开办法》《审查办法》《考核办法》4项制度。",
    "制定了《公开办法》《审查办法》《考核办法》等2项制度。",
    "坚持四个统一(统一平台、统一标准、统一管理)。",
    "存在以下两方面问题:一是认识不足;二是力度不够;三是人手紧张。",
    "答复28件,其中已公开3件,同意公开3件,不存在7件,不掌握10件,同意公开5件。",  # one kind named twice
    "本报告所列数据的统计期限自至。",
]


@pytest.mark.parametrize("text", TRUE)
def test_a_true_statement_is_no_error(text: str) -> None:
    assert errors(text) == []


@pytest.mark.parametrize("text", FALSE)
def test_a_false_statement_is_an_error(text: str) -> None:
    assert errors(text)


NOTES = [
    # short of the total, and nothing says that all parts are listed
    ("发布信息3636条,其中预算9条;住房7条;食品1条。", "note"),
    # every part given, but 主要 and 等 leave it open
    ("发布信息1458条,主要包括政策182条、动态850条、检查7条等。", "note"),
    # cut off, not rounded: 209/226 = 92.478 %
    ("公开226条。民生信息209条,占92.47%。", "note"),
    # two neighbouring figures exchanged make the sum right: 1913 for 1931
    ("公开信息1931条,其中县里1379条,镇里534条。", "warning"),
    # channels: an overlap is possible
    ("公开信息100条,其中网站公开90条,微信公众号公开60条。", "warning"),
    # fewer items than announced
    ("存在以下四方面问题:一是认识不足;二是力度不够;三是人手紧张。", "warning"),
]


@pytest.mark.parametrize(("text", "level"), NOTES)
def test_what_cannot_be_justified_is_no_error(text: str, level: str) -> None:
    assert [finding.level for finding in check(text).findings] == [level]


def test_truncation_and_rounding_are_told_apart() -> None:
    cut = check(
        "公开信息1000条,其中政策类66条,占6.5%;动态类934条,占93.4%。公开信息2026条,其中规划60条,占2.9%。"
    ).findings
    assert [
        (finding.level, "截断" in finding.message) for finding in cut if finding.claim.endswith("2.9%")
    ] == [("note", True)]
    assert [finding.level for finding in cut if finding.claim.endswith("6.5%")] == ["error"]


def test_a_confirmed_claim_carries_its_working() -> None:
    confirmed = check("全年公开信息360条,其中网站公开200条,微信公众号公开160条。").confirmed
    assert [claim.computed for claim in confirmed] == ["200+160=360"]
    assert confirmed[0].quote == "全年公开信息360条,其中网站公开200条,微信公众号公开160条。"


def test_a_rounded_rate_shows_its_division() -> None:
    finding = check("受理信件1170件,已办结回复1119件,回复率95.46%。").findings[0]
    assert (finding.level, finding.kind, finding.computed) == ("error", "比例", "1119/1170=95.6410%")
    assert "95.46%" in finding.claim


def test_a_sentence_broken_over_lines_is_read_whole() -> None:
    text = "共计发布信息\n\n7435 条,其中规范性文件\n\n38 条,占公开总数的 0.51%;\n\n工作动态信 息3240 条,其他\n\n4157 条。"
    assert "38+3240+4157=7435" in [claim.computed for claim in check(text).confirmed]


def test_kangxi_radicals_and_traditional_characters_are_read() -> None:
    assert check("全⾯公開政府信息69條,其中⽂件類27條,動態類42條。").confirmed[0].computed == "27+42=69"


SLIPS = [
    # missing figures
    ("本报告所列数据的统计期限自至。", "缺字", "error"),
    ("全年共计条,均已公开。", "缺字", "error"),
    ("办结率%,群众满意。", "缺字", "error"),
    ("1123日召开会议。", "缺字", "warning"),
    ("统计期限为20241月1日至12月31日。", "缺字", "warning"),
    # doubled words
    ("二是规范审核审核发布机制。", "重复字", "warning"),
    # order of marks
    ("一是认识不足;三是力度不够。", "序号", "warning"),
    ("一是政策;二是总结;三是建议;三是预算。", "序号", "warning"),
    # document numbers
    ("印发《要点》(淮政办秘〔201891号)。", "发文字号", "warning"),
    ("印发《要点》(淮政办秘[2018]91号)。", "发文字号", "note"),
]


@pytest.mark.parametrize(("text", "kind", "level"), SLIPS)
def test_slips_of_writing_are_found(text: str, kind: str, level: str) -> None:
    assert (kind, level) in [(finding.kind, finding.level) for finding in check(text).findings]


RIGHT = [
    "会议于11月23日召开,20个工作日内答复,365日无休。",
    "一是抓学习。一是指导不够,二是人手不足。二是抓落实。",  # a series within a series
    "一是抓学习;〔略〕三是抓落实。",  # left out by whoever made the excerpt
    "印发《要点》(淮政办秘〔2018〕91号),依据国务院令第711号。",
    "逐条逐条核对,研究研究再定,一个一个过。",
    "电话:0557-3022687,邮编:234000,网址http://www.example.gov.cn/2018/1.html。",
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_writing_is_left_alone(text: str) -> None:
    assert [finding for finding in check(text).findings if finding.kind != "重复字"] == []


def test_the_repaired_document_number_is_proposed() -> None:
    finding = check("印发《要点》(淮政办秘〔2018108号)。").findings[0]
    assert finding.computed == "淮政办秘〔2018〕108号"
