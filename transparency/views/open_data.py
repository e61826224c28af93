"""Files of open data: as workers built them, in the best encoding that the reader takes."""

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from transparency.addresses import with_address
from transparency.open_data import columns
from transparency.open_data.places import MEDIA_TYPES, NATIONAL, folder_of, public_folder
from transparency.serving import ENDINGS, accepted
from transparency.views.public import open_data, public

OTHERS = frozenset({"cameras.geojson", "data.jsonld", "datapackage.json", "manifest.json"})
NATIONAL_NAMES = OTHERS | {f"{table.name}.csv" for table in columns.TABLES}
NAMES = OTHERS | {f"{table.name}.csv" for table in columns.OF_ONE_AUTHORITY}
SOON_SECONDS = "60"


@public
def national_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """One of the national files. No query."""
    if name not in NATIONAL_NAMES:
        raise Http404
    return _file(request, public_folder(NATIONAL) / name)


@public
def authority_file(request: HttpRequest, organisation: str, name: str) -> HttpResponseBase:
    """One of the files of an authority. No query while it is there."""
    if name not in NAMES:
        raise Http404
    path = public_folder(folder_of(organisation)) / name
    if not path.is_file() and not with_address().filter(slug=organisation).exists():
        raise Http404
    return _file(request, path)


def _file(request: HttpRequest, path: Path) -> HttpResponseBase:
    """The file, 304 for who has it, or 503 while it was never built."""
    for encoding in accepted(request.headers.get("Accept-Encoding", "")):
        try:
            file = path.with_name(path.name + ENDINGS[encoding]).open("rb")
        except FileNotFoundError:
            continue
        state = path.stat()
        etag = f'"{state.st_mtime_ns:x}-{state.st_size:x}{ENDINGS[encoding]}"'
        known = parse_etags(request.headers.get("If-None-Match", ""))
        response: HttpResponseBase
        if etag in known or "*" in known:
            file.close()
            response = HttpResponse(status=304)
            del response["Content-Type"]
        else:
            response = FileResponse(file, content_type=MEDIA_TYPES[path.name.rsplit(".", 1)[-1]])
            response["Content-Disposition"] = f'inline; filename="{path.name}"'
            if encoding:
                response["Content-Encoding"] = encoding
        response["ETag"] = etag
        patch_vary_headers(response, ("Accept-Encoding",))
        return open_data(response)
    waiting = HttpResponse(_("This file is being made. Ask again in a minute."), status=503, content_type="text/plain")
    waiting["Retry-After"] = SOON_SECONDS
    return open_data(waiting, 0)
