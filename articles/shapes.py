"""How slugs and language tags are written, in the database and in files. Without Django."""

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
# RFC 5646, section 2.1, but for what nobody writes: private use and irregular tags.
LANGUAGE = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
