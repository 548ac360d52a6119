"""Static files: hashed names, compressed once at set-up."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with our ES modules' imports hashed too.

    Third-party files name source maps that their packages do not ship, which would stop collectstatic: those
    references are left as they are (only a developer's tools would follow them).
    """

    support_js_module_import_aggregation = True

    patterns = tuple(
        (glob, tuple(p for p in found if "sourceMappingURL" not in (p if isinstance(p, str) else p[0])))
        for glob, found in CompressedManifestStaticFilesStorage.patterns
    )
