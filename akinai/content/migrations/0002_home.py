"""The tree begins with our トップページ instead of Wagtail's welcome page."""

from django.db import migrations


def begin(apps, schema_editor):
    types = apps.get_model("contenttypes", "ContentType").objects
    pages = apps.get_model("wagtailcore", "Page").objects
    home = apps.get_model("content", "HomePage")
    welcome = pages.filter(depth=2, slug="home").first()
    if welcome is None or home.objects.exists():
        return
    kind, _made = types.get_or_create(app_label="content", model="homepage")
    welcome.content_type = kind
    welcome.title = welcome.draft_title = "トップページ"
    welcome.slug, welcome.url_path = "top", "/top/"
    welcome.save()
    schema_editor.execute(
        "INSERT INTO content_homepage (page_ptr_id, lead, body) VALUES (%s, '', '[]')", [welcome.pk]
    )


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
