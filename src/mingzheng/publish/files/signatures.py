"""Programs and scripts, told by their first bytes or lines, or by an extension that a desk would run."""

from __future__ import annotations

import re

_PROGRAMS = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",  # Mach-O for several processors, and Java classes
    b"\xca\xfe\xba\xbf",
    b"\x4c\x00\x00\x00\x01\x14\x02\x00",  # Windows shortcut
    b"dex\n",
    b"\x00asm",
)
_SCRIPT = re.compile(
    r"""\A\s*(?:
        \#!                                        # a shell, Python, Perl script
      | @?echo\s+off\b | setlocal\b | rem\s.*\n\s*@?echo\b
      | <\?php | <%[@=\s] | <script\b | <job\b | <hta:
      | \[CmdletBinding | param\s*\(\s*[\[$] | \$ErrorActionPreference
    )
    | ^\s*(?:Set-ExecutionPolicy\b | Invoke-Expression\b | Invoke-WebRequest\b | powershell(?:\.exe)?\s+-
      | (?:set|var|let|const)\s+\w+\s*=\s*(?:new\s+ActiveXObject | (?:WScript\.)?CreateObject)\b
      | On\s+Error\s+Resume\s+Next\b | Sub\s+Auto_?Open\b
      | REGEDIT4$ | Windows\ Registry\ Editor\b
      | (?:document|window)\.\w+\s*[=(] | require\s*\(\s*['"]child_process )
    """,
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_ACTIVE_HTML = re.compile(
    r"""<\s*(?:script|iframe|frame|object|embed|applet|base|svg)\b
      | <[^>]*[\s"'/]on[a-z]+\s*= | (?:java|vb)script\s*: | <\s*meta[^>]*http-equiv\s*=\s*["']?refresh
      | data\s*:\s*text/html""",
    re.IGNORECASE | re.VERBOSE,
)


def runnable(head: bytes) -> bool:
    """Whether the first bytes are those of a program."""
    # A text may begin with the letters MZ; a program has zero bytes right after them.
    return head.startswith(_PROGRAMS) or (head.startswith((b"MZ", b"ZM")) and b"\0" in head[:64])


def is_script(head: str) -> bool:
    """Whether a text is a script of a shell, of Windows, of a web server or of a browser."""
    return bool(_SCRIPT.search(head))


def has_active_html(text: str) -> bool:
    """Whether a web page would run or fetch anything when it is opened."""
    return bool(_ACTIVE_HTML.search(text))
