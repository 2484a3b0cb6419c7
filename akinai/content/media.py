"""公開の画像 (/media/): pictures of goods and pages. Names hold a digest of what they show, so browsers keep them for good.

Only these folders are served, whatever else lies under the media root.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

FOLDERS = ("products/", "images/", "videos/", "reviews/")
YEAR = 365 * 24 * 60 * 60


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """One public file. 404 for any other folder, and for a way out of it."""
    if not path.startswith(FOLDERS) or ".." in path:
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
