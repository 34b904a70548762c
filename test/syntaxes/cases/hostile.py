# SYNTAX TEST "source.python" "a literal ends where Python ends it, whatever its SQL has open"
RunSQL("SELECT 'open", "SELECT 1"); name = "select"
#              ^^^^^ string.quoted.single.sql
#                   ^ string.quoted.single.python punctuation.definition.string.end.python
#                       ^^^^^^ keyword.other.sql - string.quoted.single.sql
#                                ^ punctuation.definition.arguments.end.python
#                                           ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL('SELECT "open', 'SELECT /* open', 'SELECT -- open', 'SELECT `open'); name = "select"
#                   ^ punctuation.definition.string.end.python
#                                     ^ punctuation.definition.string.end.python
#                                                       ^ punctuation.definition.string.end.python
#                                                                       ^ punctuation.definition.string.end.python
#                                                                                   ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL('SELECT $$open', 'DO $$ -- \'', 'SELECT E\'\\'); name = "select"
#                    ^ punctuation.definition.string.end.python
#                                   ^ punctuation.definition.string.end.python
#                                                   ^ punctuation.definition.string.end.python
#                                                               ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL("""SELECT 'open
    /* "still text
"""); name = "select"
# <- punctuation.definition.string.end.python
#  ^ punctuation.definition.arguments.end.python
#             ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL('''DO $$ BEGIN /* open /* twice
''' "SELECT 1")
# <- punctuation.definition.string.end.python
#    ^^^^^^ keyword.other.sql - comment.block.sql meta.dollar-quoted.sql
RunSQL("""SELECT "a"""")
#                  ^^^ punctuation.definition.string.end.python
name = "select")
#       ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL('''SELECT 'a'''); name = "select"
#                  ^^^ punctuation.definition.string.end.python
#                                ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL("SELECT \\"); RunSQL(r"SELECT \"x"); RunSQL(r"SELECT \\"); name = "select"
#                ^ punctuation.definition.string.end.python
#                                       ^ punctuation.definition.string.end.python
#                                                             ^ punctuation.definition.string.end.python
#                                                                         ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL(f"SELECT 'a {name}", f"SELECT {open", "SELECT 1"); name = "select"
#                        ^ punctuation.definition.string.end.python
#                                         ^ punctuation.definition.string.end.python
#                                             ^^^^^^ keyword.other.sql - meta.embedded.expression.python
#                                                                 ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL(f"""SELECT {open
"""); name = "select"
#<--- punctuation.definition.string.end.python
#             ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
RunSQL("(((", "SELECT [", "}}}")
#                              ^ punctuation.definition.arguments.end.python
RunSQL("")
#      ^ punctuation.definition.string.begin.python
#       ^ punctuation.definition.string.end.python
RunSQL("""""", "SELECT 1")
#      ^^^ punctuation.definition.string.begin.python
#         ^^^ punctuation.definition.string.end.python
#               ^^^^^^ keyword.other.sql
