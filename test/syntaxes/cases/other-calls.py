# SYNTAX TEST "source.python" "calls of the same name that are something else"
schema.execute("select")
#               ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
shop.execute("select")
#             ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
execute("select")
#        ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
axes.text(0, 0, "select 1")
#                ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
text("A text")
#     ^ string.quoted.single.python - meta.embedded.inline.sql
text("selection")
#     ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL.noop == "select"
#               ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
class RunSQL(Operation, name="select"):
# <- meta.class.python storage.type.class.python
#     ^^^^^^ meta.class.python entity.name.type.class.python
#                             ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
    def text(self, value="select 1"):
#       ^^^^ meta.function.python entity.name.function.python
#                         ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
        "RunSQL('select') cursor.execute('select')"
#                ^^^^^^ string.quoted.docstring.single.python - meta.embedded.inline.sql
        # RunSQL('select')
#                 ^^^^^^ comment.line.number-sign.python - meta.embedded.inline.sql
cursor.execute(b"select")
#                ^^^^^^ string.quoted.binary.single.python - meta.embedded.inline.sql
cursor.execute()
#              ^ meta.function-call.python punctuation.definition.arguments.end.python
name = "select"
#       ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
