# SYNTAX TEST "source.python" "comments that accept a finding"
# stepwise: ignore[drop-column] unused since May
# <- comment.line.number-sign.python punctuation.definition.comment.python
# ^^^^^^^^^ comment.line.number-sign.python keyword.control.directive.stepwise
#           ^^^^^^ comment.line.number-sign.python keyword.control.directive.stepwise
#                  ^^^^^^^^^^^ comment.line.number-sign.python entity.name.tag.stepwise
#                               ^^^^^^^^^^^^^^^^ comment.line.number-sign.python - keyword.control.directive.stepwise entity.name.tag.stepwise
#stepwise:ignore-file [ drop-column,drop-table ]
#<~--------- keyword.control.directive.stepwise
#         ^^^^^^^^^^^ keyword.control.directive.stepwise
#                       ^^^^^^^^^^^ entity.name.tag.stepwise
#                                  ^ - entity.name.tag.stepwise
#                                   ^^^^^^^^^^ entity.name.tag.stepwise
operations = [  # stepwise: ignore[drop-table]
#               ^ comment.line.number-sign.python
#                 ^^^^^^^^^ keyword.control.directive.stepwise
    migrations.RunSQL(  # stepwise: ignore[drop-table]
#                         ^^^^^^^^^ keyword.control.directive.stepwise
        # stepwise: ignore[drop-table] gone
#         ^^^^^^^^^ comment.line.number-sign.python keyword.control.directive.stepwise
#                          ^^^^^^^^^^ entity.name.tag.stepwise
        "SELECT '# stepwise: ignore[drop-table]'",
#                  ^^^^^^^^^ string.quoted.single.sql - keyword.control.directive.stepwise
        """
        -- squawk-ignore ban-drop-column, ban-drop-table
#          ^^^^^^^^^^^^^ comment.line.double-dash.sql keyword.control.directive.sql
#                        ^^^^^^^^^^^^^^^ comment.line.double-dash.sql entity.name.tag.stepwise
#                                         ^^^^^^^^^^^^^^ comment.line.double-dash.sql entity.name.tag.stepwise
        -- see squawk-ignore
#              ^^^^^^^^^^^^^ comment.line.double-dash.sql - keyword.control.directive.sql
        """,
    ),
]
# What is not read as one looks like any other comment.
# stepwise: ignore drop-table
# ^^^^^^^^^ comment.line.number-sign.python - keyword.control.directive.stepwise
# stepwise: ignore[]
# ^^^^^^^^^ comment.line.number-sign.python - keyword.control.directive.stepwise
# noqa # stepwise: ignore[drop-table]
#        ^^^^^^^^^ comment.line.number-sign.python - keyword.control.directive.stepwise
"# stepwise: ignore[drop-table]"
#  ^^^^^^^^^ string.quoted.docstring.single.python - keyword.control.directive.stepwise
