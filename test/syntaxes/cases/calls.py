# SYNTAX TEST "source.python" "the calls that take SQL"
migrations.RunSQL("SELECT 1", "SELECT 2")
#                  ^^^^^^ string.quoted.single.python meta.embedded.inline.sql source.sql.string keyword.other.sql
#                         ^ meta.embedded.inline.sql constant.numeric.sql
#                          ^ string.quoted.single.python punctuation.definition.string.end.python - meta.embedded.inline.sql
#                              ^^^^^^ meta.embedded.inline.sql keyword.other.sql
#                                       ^ meta.function-call.python punctuation.definition.arguments.end.python
RunSQL(sql='SELECT 1', reverse_sql='SELECT 2', hints={'key': 'select'}, elidable=True)
#      ^^^ variable.parameter.function-call.python
#         ^ keyword.operator.assignment.python
#           ^^^^^^ meta.embedded.inline.sql keyword.other.sql
#                                   ^^^^^^ meta.embedded.inline.sql keyword.other.sql
#                                              ^^^^^ variable.parameter.function-call.python
#                                                             ^^^^^^ string.quoted.single.python - keyword.other.sql meta.embedded.inline.sql
#                                                                                ^^^^ constant.language.python
migrations.RunSQL(
    [
        "SELECT 1",
#        ^^^^^^ meta.embedded.inline.sql keyword.other.sql
        ("INSERT INTO t VALUES (%s)", ["select"]),
#         ^^^^^^ meta.embedded.inline.sql keyword.other.sql
#                                      ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql keyword.other.sql
        ("SELECT 1 "
         "FROM t"),  # the second
#         ^^^^ meta.embedded.inline.sql keyword.other.sql
#                    ^ comment.line.number-sign.python
    ],
    state_operations=[
        migrations.AddField("select", model_name="select"),
#                            ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
#                                                 ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
    ],
)
# <- punctuation.definition.arguments.end.python
name = "select"
#       ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
migrations.RunSQL(read("select"), reverse_sql=migrations.RunSQL.noop)
#                       ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
migrations.RunSQL(STATEMENTS["select"] if vendor == "select" else "SELECT 1")
#                             ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
#                                                    ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
#                                                                  ^^^^^^ meta.embedded.inline.sql keyword.other.sql
schema_editor.execute("UPDATE t SET a = %s" % ("select",), ["select"])
#                      ^^^^^^ meta.embedded.inline.sql keyword.other.sql
#                                              ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
#                                                            ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
cursor.execute("UPDATE {} SET a = 1".format("select") + " WHERE b")
#               ^^^^^^ meta.embedded.inline.sql keyword.other.sql
#                                            ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
#                                                         ^^^^^ meta.embedded.inline.sql keyword.other.sql
connection.cursor().execute("SELECT 1")
#                            ^^^^^^ meta.embedded.inline.sql keyword.other.sql
connections["other"].cursor().executemany("SELECT 1", rows)
#            ^^^^^ string.quoted.single.python - meta.embedded.inline.sql
#                                          ^^^^^^ meta.embedded.inline.sql keyword.other.sql
connection.execute(textwrap.dedent("""
    SELECT 1
#   ^^^^^^ string.quoted.multi.python meta.embedded.inline.sql source.sql keyword.other.sql
"""), {"a": "select"})
#            ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
op.execute("SELECT 1")
#           ^^^^^^ meta.embedded.inline.sql keyword.other.sql
op.execute(sa.text("SELECT 1").bindparams(a="select"))
#                   ^^^^^^ meta.embedded.inline.sql keyword.other.sql
#                                            ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
op.execute(text("""
    SELECT 1
#   ^^^^^^ meta.embedded.inline.sql keyword.other.sql
"""))
op.get_bind().execute(sqlalchemy.text("SELECT 1"))
#                                      ^^^^^^ meta.embedded.inline.sql keyword.other.sql
sa.Column("select", server_default=text("now()"))
#          ^^^^^^ string.quoted.single.python - meta.embedded.inline.sql
#                                        ^^^ meta.embedded.inline.sql support.function.sql
rows = text("SELECT 1")
#            ^^^^^^ meta.embedded.inline.sql keyword.other.sql
