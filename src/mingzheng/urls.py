"""All addresses: the back office below ``/office/``, everything else is the public site's."""

from __future__ import annotations

from django.urls import include, path

from mingzheng.office.manuscripts.views import stored_file
from mingzheng.portal import urls as portal

urlpatterns = [
    path("office/", include("mingzheng.office.urls")),
    path("files/<path:key>", stored_file),  # what is public stands as a file before this is asked
    *portal.urlpatterns,
]

handler400, handler403 = portal.handler400, portal.handler403
handler404, handler500 = portal.handler404, portal.handler500
