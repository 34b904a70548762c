import assert from 'node:assert/strict';
import { comparedStringsIn } from '../../../server/src/sql/compared-strings.ts';

describe('comparedStringsIn', () => {
  function checkStrings(sql: string, expected: string): void {
    assert.equal(
      comparedStringsIn(sql)
        .map(({ column, value }) => `${column}=${value}`)
        .join(' '),
      expected,
      sql,
    );
  }

  it('finds the values that a column is compared with', () => {
    checkStrings("state = 'new'", 'state=new');
    checkStrings("id > 0 AND (State <> 'new' OR \"State\" >= 'old')", 'state=new State=old');
    checkStrings("orders.state != 'it''s'", "state=it's");
    checkStrings("state IN ('new', 'sent')", 'state=new state=sent');
    checkStrings("state NOT IN ('new', 'sent') AND note = 'x'", 'state=new state=sent note=x');
    checkStrings("state = ANY (ARRAY['new', 'sent'])", 'state=new state=sent');
    checkStrings("state IS DISTINCT FROM 'new' OR state IS NOT DISTINCT FROM 'sent'", 'state=new state=sent');
    checkStrings("(CASE WHEN state = 'new' THEN 'a' ELSE 'b' END)", 'state=new');
    checkStrings("EXCLUDE USING gist (room WITH =) WHERE (state = 'new')", 'state=new');
  });

  it('leaves out what is a text beside a column', () => {
    checkStrings("state::text = 'new'", '');
    checkStrings("(state)::text = 'new'", '');
    checkStrings("CAST(state AS text) = 'new'", '');
    checkStrings("lower(state) IN ('new', 'sent')", '');
    checkStrings("state = 'new'::text", '');
    checkStrings("note || state = 'new'", '');
    checkStrings("state = 'ne' || 'w'", '');
    checkStrings("f(state = 'new', 'sent')", 'state=new');
    checkStrings("-- state = 'new'\nid > 0", '');
    checkStrings("= 'new'", '');
    checkStrings("'new'", '');
    checkStrings('', '');
  });
});
