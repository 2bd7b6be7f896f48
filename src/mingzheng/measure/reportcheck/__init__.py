"""The report checker: finds false arithmetic, contradictions and gaps in annual reports.

Annual reports on open government follow 国办发〔2014〕32号 (statistics sheet, to 2018), 国办公开办函〔2019〕60号
(2019 and 2020) and 国办公开办函〔2021〕30号 (from 2021). ``check_report`` is the door of this package.
"""

from mingzheng.measure.reportcheck.checker import check_lines, check_report
from mingzheng.measure.reportcheck.model import Confirmation, Finding, Result

__all__ = ["Confirmation", "Finding", "Result", "check_lines", "check_report"]
