/** Shows the SQL of the migration in the active editor. */
export const showSqlCommand = 'stepwise.showSql';
