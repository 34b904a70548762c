# SYNTAX TEST "source.python" "the forms of a literal"
RunSQL(u"SELECT 1")
#      ^ storage.type.string.python
#       ^ punctuation.definition.string.begin.python
#        ^^^^^^ keyword.other.sql
RunSQL(r"SELECT '\d'")
#      ^ string.quoted.raw.single.python storage.type.string.python
#        ^^^^^^ keyword.other.sql
#                ^^ string.quoted.single.sql - constant.character.escape.python
#                   ^ string.quoted.raw.single.python punctuation.definition.string.end.python
RunSQL(f"SELECT {column!r:>10} FROM {{}} t")
#      ^ meta.fstring.python storage.type.string.python
#        ^^^^^^ meta.fstring.python meta.embedded.inline.sql keyword.other.sql
#               ^ meta.embedded.expression.python constant.character.format.placeholder.other.python
#                ^^^^^^ meta.embedded.expression.python - keyword.other.sql
#                      ^^ meta.embedded.expression.python storage.type.format.python
#                            ^ meta.embedded.expression.python constant.character.format.placeholder.other.python
#                              ^^^^ keyword.other.sql - meta.embedded.expression.python
#                                   ^^^^ constant.character.escape.python - meta.embedded.expression.python
#                                         ^ punctuation.definition.string.end.python
RunSQL(f'SELECT {names["select"]} FROM "t_{name}" -- {note}')
#                       ^^^^^^ meta.embedded.expression.python string.quoted.single.python - keyword.other.sql
#                                 ^^^^ keyword.other.sql
#                                        ^^ string.quoted.double.sql
#                                           ^^^^ string.quoted.double.sql meta.embedded.expression.python
#                                                     ^^^^ comment.line.double-dash.sql meta.embedded.expression.python
#                                                          ^ punctuation.definition.string.end.python
RunSQL(rf'''SELECT '\d{name}' ''' Rf"SELECT 1" + F"""SELECT 1""")
#           ^^^^^^ meta.fstring.python string.quoted.raw.multi.python keyword.other.sql
#                   ^^ string.quoted.single.sql - constant.character.escape.python
#                     ^^^^^^ meta.embedded.expression.python
#                                    ^^^^^^ keyword.other.sql
#                                                    ^^^^^^ keyword.other.sql
RunSQL("SELECT\n1 -- a\nFROM \"t\" \\ \x41 \u0041 \N{DIGIT ONE}")
#             ^^ meta.embedded.inline.sql constant.character.escape.python
#                 ^^^^ comment.line.double-dash.sql
#                     ^^ constant.character.escape.python - comment.line.double-dash.sql
#                       ^^^^ keyword.other.sql
#                            ^^^^^ string.quoted.double.sql
#                                  ^^ constant.character.escape.python
#                                     ^^^^ constant.character.escape.python
#                                          ^^^^^^ constant.character.escape.python
#                                                 ^^^^^^^^^^^^^ constant.character.escape.python
RunSQL('SELECT \'it\' "t"')
#              ^^^^^^ string.quoted.single.sql
#                     ^^^ string.quoted.double.sql
#                        ^ punctuation.definition.string.end.python
RunSQL("SELECT \
    1 FROM t WHERE a = 'x\
y' AND b")
#  ^^^ meta.embedded.inline.sql keyword.other.sql
#       ^ punctuation.definition.string.end.python
RunSQL("SELECT 1 "  # why
       r'FROM t '
#        ^^^^ keyword.other.sql
       f"""
       WHERE a
#      ^^^^^ keyword.other.sql
       """)
#      ^^^ punctuation.definition.string.end.python
#         ^ punctuation.definition.arguments.end.python
cursor.execute("SELECT %s, %(name)s, '%s', '%(name)s', 100 %% 7 FROM a_%s_b WHERE n LIKE '%start%' AND d = %d", [])
#                      ^^ constant.character.format.placeholder.other.python
#                          ^^^^^^^^ constant.character.format.placeholder.other.python
#                                     ^^ string.quoted.single.sql constant.character.format.placeholder.other.python
#                                           ^^^^^^^^ string.quoted.single.sql constant.character.format.placeholder.other.python
#                                                          ^^ constant.character.format.placeholder.other.python
#                                                                      ^^ constant.character.format.placeholder.other.python
#                                                                                         ^^^^^^^ string.quoted.single.sql - constant.character.format.placeholder.other.python
#                                                                                                          ^^ constant.character.format.placeholder.other.python
op.execute(text("SELECT :name::text, a[1:n], '12:30:00', now() AT TIME ZONE :zone"))
#                       ^^^^^ variable.parameter.bind.sql
#                            ^^ keyword.operator.cast.sql
#                              ^^^^ storage.type.sql
#                                       ^^ - variable.parameter.bind.sql
#                                               ^^^ - variable.parameter.bind.sql
#                                                              ^^^^^^^^^^^^ keyword.other.sql
#                                                                           ^^^^^ variable.parameter.bind.sql
cursor.execute("ALTER TABLE {} ADD {name.column[0]!r} jsonb DEFAULT '{}'".format(a))
#                           ^^ constant.character.format.placeholder.other.python
#                                  ^^^^^^^^^^^^^^^^^^ constant.character.format.placeholder.other.python
#                                                                    ^^ string.quoted.single.sql - constant.character.format.placeholder.other.python
