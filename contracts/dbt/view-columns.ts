import { listItems } from '../../deploy/resources/snowflake/read-statement.js';

/** Columns of a CREATE VIEW that a file of sql/views/ declares, with their comments. Of one that lists none: what it selects by name. */
export function viewColumns(create: string): { readonly name: string; readonly comment: string }[] {
  const [head = ''] = create.split(/\)\s*\nCOPY GRANTS/);
  const listed = [...head.matchAll(/^ {2}([A-Z_0-9]+) COMMENT '((?:[^']|'')*)'/gm)];
  if (listed.length > 0)
    return listed.map(([, name = '', comment = '']) => ({ name, comment: comment.replaceAll("''", "'") }));
  const selected = /\bAS SELECT (.*?)\s+FROM /s.exec(create)?.[1] ?? '';
  return listItems(selected).map((item) => ({ name: /\w+$/.exec(item)?.[0] ?? item, comment: '' }));
}
