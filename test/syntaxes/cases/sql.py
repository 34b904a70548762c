# SYNTAX TEST "source.python" "PostgreSQL's SQL"
RunSQL("""
    CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS order_state ON "orders"."order" USING gin (lower(state), data jsonb_path_ops)
#   ^^^^^^ keyword.other.sql
#          ^^^^^^ keyword.other.sql
#                       ^^^^^^^^^^^^ keyword.other.sql
#                                           ^^^^^^ keyword.other.sql
#                                                  ^^^^^^^^^^^ - keyword.other.sql
#                                                                 ^^^^^^^^ string.quoted.double.sql
#                                                                          ^^^^^^^ string.quoted.double.sql
#                                                                                             ^^^^^ support.function.sql
#                                                                                                           ^^^^ - keyword.other.sql
    ALTER TABLE t ADD COLUMN amount numeric(12, 2) NOT NULL DEFAULT 0.50, ALTER COLUMN type TYPE double precision;
#                                   ^^^^^^^ storage.type.sql
#                                           ^^ constant.numeric.sql
#                                                  ^^^ keyword.other.sql
#                                                      ^^^^ constant.language.sql
#                                                                   ^^^^ constant.numeric.sql
#                                                                                      ^^^^ - keyword.other.sql
#                                                                                           ^^^^ keyword.other.sql
#                                                                                                ^^^^^^^^^^^^^^^^ storage.type.sql
#                                                                                                                ^ punctuation.terminator.statement.sql
    SELECT o.order, o.date, ARRAY[1, 2]::int[] || $1, now() AT TIME ZONE 'UTC', true, NULL FROM t o;
#            ^^^^^ - keyword.other.sql
#                     ^^^^ - storage.type.sql
#                           ^^^^^ keyword.other.sql
#                                      ^^ keyword.operator.cast.sql
#                                        ^^^ storage.type.sql
#                                              ^^ keyword.operator.sql
#                                                 ^^ variable.parameter.sql
#                                                                              ^ - string.quoted.single.sql
#                                                                               ^^^^ constant.language.sql
    -- don't
#   ^^ comment.line.double-dash.sql punctuation.definition.comment.sql
#      ^^^^^ comment.line.double-dash.sql - string.quoted.single.sql
    /* outer /* it's */ "still */ SELECT 'it''s', E'it\\'s', U&"d" FROM selected;
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ comment.block.sql - string.quoted.single.sql
#                                 ^^^^^^ keyword.other.sql - comment.block.sql
#                                        ^^^^^^^ string.quoted.single.sql
#                                                     ^^^ string.quoted.single.sql constant.character.escape.sql
#                                                            ^^^^^ string.quoted.double.sql
#                                                                       ^^^^^^^^ - keyword.other.sql
    DO $$
#      ^^ punctuation.definition.string.begin.sql
    DECLARE n integer := 1;
#   ^^^^^^^ meta.dollar-quoted.sql keyword.other.sql
#                     ^^ meta.dollar-quoted.sql keyword.operator.sql
    BEGIN
        EXECUTE $q$ SELECT 'a $$ b' $q$;
#               ^^^^^^^^^^^^^^^^^^^^^^^ meta.dollar-quoted.sql string.other.dollar.sql
        RAISE NOTICE 'it''s %', n;
#       ^^^^^ ^^^^^^ keyword.other.sql
    END $$ LANGUAGE plpgsql;
#   ^^^ meta.dollar-quoted.sql keyword.other.sql
#       ^^ punctuation.definition.string.end.sql
#          ^^^^^^^^ keyword.other.sql - meta.dollar-quoted.sql
    CREATE FUNCTION f() RETURNS trigger AS $f$ BEGIN NEW.a := 1; END $f$ LANGUAGE plpgsql;
#                                              ^^^^^ meta.dollar-quoted.sql keyword.other.sql
#                                                                        ^^^^^^^^ keyword.other.sql - meta.dollar-quoted.sql
    COMMENT ON TABLE t IS $$it's$$; SELECT `key` FROM t
#   ^^^^^^^^^^ keyword.other.sql
#                         ^^^^^^^^ string.other.dollar.sql
#                                   ^^^^^^ keyword.other.sql
#                                          ^^^^^ string.quoted.other.backtick.sql
""")
