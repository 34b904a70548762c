import { checkUpgrade } from './check-revision.ts';

const session = 'session = sa.orm.Session(bind=op.get_bind())';

const models = `
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String)


teams = sa.Table("teams", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("name", sa.String))
`;

describe('what a session writes', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'by its queries',
      `
session.query(User).delete()
session.query(User).filter(User.id > 5).update({"name": "x"}, synchronize_session=False)
session.query(teams).update({teams.c.name: sa.func.lower(teams.c.name)})
`,
      `WriteRows delete users all @ session.query(User).delete()
       WriteRows update users filtered name=constant @ session.query(User).filter(User.id > 5).update({"name": "x"}, synchronize_session=False)
       WriteRows update teams all name=expression @ session.query(teams).update({teams.c.name: sa.func.lower(teams.c.name)})`,
    ],
    [
      'by objects',
      `
session.add(User(name="x"))
session.add_all([User(name="x"), User(name="y")])
session.bulk_update_mappings(User, rows)
session.flush()
session.commit()
`,
      `WriteRows insert users unknown @ session.add(User(name="x"))
       WriteRows insert users unknown @ session.add_all([User(name="x"), User(name="y")])
       WriteRows update users unknown @ session.bulk_update_mappings(User, rows)`,
    ],
    [
      'by objects that a loop changes',
      `
for user in session.query(User):
    user.name = user.name.lower()
for user in session.query(User).filter(User.name == "x").all():
    if user.id > 5:
        user.name = "y"
for user in session.query(User).all():
    session.delete(user)
for user in session.query(User):
    if user.id > 5:
        session.delete(user)
for user in session.query(User):
    print(user.name)
`,
      `WriteRows update users all name=expression @ session.query(User)
       WriteRows update users filtered name=expression @ session.query(User).filter(User.name == "x").all()
       WriteRows delete users all @ session.delete(user)
       WriteRows delete users filtered @ session.delete(user)`,
    ],
    [
      'one statement for each row of a query',
      `
for row in session.execute(sa.select(teams)).fetchall():
    session.execute(teams.update().where(teams.c.id == row.id).values(name=row.name.lower()))
rows = session.execute(sa.text("SELECT id, name FROM teams")).fetchall()
for row in rows:
    session.execute(sa.text("UPDATE teams SET name = :name WHERE id = :id"), {"id": row.id, "name": "x"})
for row in session.execute(sa.text("SELECT id FROM teams WHERE name IS NULL")):
    session.execute(sa.update(teams).where(teams.c.id == row.id).values(name=""))
for row in session.query(User):
    session.execute(teams.insert().values(name=row.name))
for start in range(0, most, 1000):
    session.execute(sa.text("UPDATE teams SET name = '' WHERE id BETWEEN :a AND :b"), {"a": start, "b": start + 999})
`,
      `WriteRows update teams all name=expression @ teams.update()
       RunSql «SELECT id, name FROM teams» @ "SELECT id, name FROM teams"
       OtherStatement SELECT @ SELECT id, name FROM teams
       RunSql «UPDATE teams SET name = :name WHERE id = :id» [conditional] @ "UPDATE teams SET name = :name WHERE id = :id"
       WriteRows update teams all name=expression @ UPDATE teams SET name = :name WHERE id = :id
       RunSql «SELECT id FROM teams WHERE name IS NULL» @ "SELECT id FROM teams WHERE name IS NULL"
       OtherStatement SELECT @ SELECT id FROM teams WHERE name IS NULL
       WriteRows update teams filtered name=expression @ sa.update(teams)
       WriteRows insert teams all name=unknown [conditional] @ teams.insert()
       RunSql «UPDATE teams SET name = '' WHERE id BETWEEN :a AND :b» [conditional] @ "UPDATE teams SET name = '' WHERE id BETWEEN :a AND :b"
       WriteRows update teams filtered name=constant batched [conditional] @ UPDATE teams SET name = '' WHERE id BETWEEN :a AND :b`,
    ],
  ];
  for (const [title, upgrade, expected] of cases) {
    it(title, () => checkUpgrade({ upgrade: `${session}\n${upgrade.trim()}`, module: models }, expected));
  }
});
