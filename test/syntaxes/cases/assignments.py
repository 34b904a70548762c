# SYNTAX TEST "source.python" "variables that are named after SQL"
SQL = "SELECT 1"
#<--- constant.other.caps.python
#   ^ keyword.operator.assignment.python
#      ^^^^^^ meta.embedded.inline.sql keyword.other.sql
CREATE_INDEX_SQL: str = """
    CREATE INDEX a ON b (c);
#   ^^^^^^ meta.embedded.inline.sql keyword.other.sql
"""; name = "select"
#            ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
    sql_forward = f'''-- {why}
    SELECT 'open
'''
name = "select"
#       ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
reverse_sql = (
    "SELECT 1 "
#    ^^^^^^ meta.embedded.inline.sql keyword.other.sql
    "FROM a"
#    ^^^^ meta.embedded.inline.sql keyword.other.sql
)
name = "select"
#       ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
sql = [
    "SELECT 1",
    ("SELECT %s", ["select"]),
#     ^^^^^^ meta.embedded.inline.sql keyword.other.sql
#                   ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
]
sql_file = "select.sql"
#           ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
psql_command = "SELECT 1"
#               ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
sql_mode = "strict"
#           ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
sql == "SELECT 1"
#       ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
sql = read("SELECT 1")
#           ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
CREATE_INDEX = "CREATE INDEX a ON b (c)"
#               ^^^^^^ meta.embedded.inline.sql keyword.other.sql
RENAME_INDEX = f"""
  ALTER INDEX {old} RENAME TO b;
# ^^^^^ meta.fstring.python meta.embedded.inline.sql keyword.other.sql
#             ^^^^^ meta.embedded.expression.python
  SELECT 'open
"""; name = "select"
#            ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
USAGE = """
  Set a \n table
# ^^^ string.quoted.multi.python - meta.embedded.inline.sql
#       ^^ constant.character.escape.python
"""
USAGE = "Set a table"
#        ^^^ string.quoted.single.python - meta.embedded.inline.sql
usage = "SELECT 1"
#        ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
