# SYNTAX TEST "source.python" "calls and literals that are still being typed"
class First:
    operations = [
        migrations.RunSQL("SELECT 'open
#                          ^^^^^^ keyword.other.sql
    ]
    name = "select"
#           ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
class Second:
    name = "select"
#           ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
def third():
    cursor.execute("SELECT 1" +
    return "select"
#           ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
def fourth():
    cursor.execute(["SELECT 1", (
    def inner(): "select"
#                 ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
class Fifth:
    operations = [
        migrations.RunSQL(sql=(
            "SELECT 1",
#            ^^^^^^ keyword.other.sql
        ], name="select"
#                ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL(
import os, "select"
#           ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
op.execute("SELECT 1" if
@decorator("select")
#           ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL("""
    SELECT 'a
    # <- nothing of Python ends it
#     ^^ string.quoted.single.sql
    def f():
#   ^^^ string.quoted.multi.python string.quoted.single.sql
