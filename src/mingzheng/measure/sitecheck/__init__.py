"""The site check: the national lists for government sites, run over a live site or a folder of pages.

Two lists, each with its dates: 全国政府网站普查评分表 (国办发〔2015〕15号) and 政府网站与政务新媒体检查指标
(国办秘函〔2019〕19号); page tags and footers after 国办发〔2017〕47号. What a reader of pages cannot see is named in
the sheet as 未检查, never guessed. Reading (``read_folder``, ``crawling.read_site``) and judging (``judge``) are apart.
"""

from mingzheng.measure.sitecheck.folder import read_folder
from mingzheng.measure.sitecheck.schemes import load_scheme, scheme_year
from mingzheng.measure.sitecheck.scoring import Sheet, judge

__all__ = ["Sheet", "judge", "load_scheme", "read_folder", "scheme_year"]
