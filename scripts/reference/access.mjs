import { cell, code, page, table } from './markdown.mjs';
import { ROLES } from './objects.mjs';

/** Names without arguments, each once. */
const namesOf = (objects) =>
  [...new Set(objects.map(({ resource }) => resource.name.replace(/\(.*/, '')))].map(code).join(', ');

/** Who may do what with each object, as the files say that declare them. */
export function accessPage(objects) {
  const by = (kind, key) => {
    const groups = new Map();
    for (const object of objects.of(kind)) {
      const value = String(object.declared.header?.[key] ?? object.declared[key]);
      groups.set(value, [...(groups.get(value) ?? []), object]);
    }
    return [...groups];
  };
  const role = (value) =>
    value
      .split(',')
      .map((each) => ROLES[each] ?? 'the owner, LOS_DEPLOY')
      .join(' and ');
  const rows = (kind, key) => by(kind, key).map(([value, own]) => [role(value), namesOf(own)]);
  const patients = objects.of('table').filter(({ declared }) => declared.header.patients === 'yes');
  const kept = objects.of('table').filter(({ declared }) => declared.header.expires !== undefined);
  return page(
    '# Who may do what with each object',
    'A role includes the rights of the one below it: LOS_OPERATE those of LOS_RUN, LOS_RUN and LOS_PATIENTS those of LOS_READ ([permissions](../permissions.md)). Procedures run with the rights of their owner: USAGE on one is the owner’s power to do exactly that.',
    '## Procedures',
    table(['may be called from this role on', 'procedures'], rows('procedure', 'callers')),
    '## Functions',
    table(
      ['may be used from this role on', 'functions'],
      [...rows('function', 'readers'), ...rows('external-function', 'readers')],
    ),
    '## Tables and views',
    table(['may be read by', 'tables and views'], [...rows('table', 'readers'), ...rows('view', 'readers')]),
    'No role but the owner writes a table. Procedures do, with the rights of their owner.',
    '## Tasks',
    table(
      ['may be run, suspended and resumed from this role on', 'tasks'],
      ['run', 'operate'].map((value) => [
        role(value),
        objects.tasks
          .filter(({ declared }) => declared.header.operators === value)
          .map(({ name }) => code(name))
          .join(', '),
      ]),
    ),
    '## Rows of single patients',
    `FORGET_ADMISSION erases an admission from each of these: ${namesOf(patients)}.`,
    '## Rows that leave',
    'WATCH_PREDICTIONS deletes expired rows once a day. In all other tables rows stay.',
    table(
      ['table', 'rows that leave'],
      kept.map(({ declared, resource }) => [
        code(resource.name),
        cell(
          code(
            declared.header.expires
              .replace(/^DELETE FROM \{\{name\}\} WHERE (DATASET = \{\{dataset\}\} AND )?/, '')
              .replaceAll('{{before}}', 'today less watch.keepDays')
              .replaceAll('DATASET = {{dataset}} AND ', '')
              .replace(/\{\{ref:(\w+)\}\}/g, '$1'),
          ),
        ),
      ]),
    ),
  );
}
