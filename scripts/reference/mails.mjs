import { cell, code, filesIn, page, read, table } from './markdown.mjs';

/** Every kind of status mail: its subject as the template has it, and where it is sent from. */
export function mailsPage() {
  const sources = ['demo', 'deploy', 'report']
    .flatMap((folder) => filesIn(folder, '.ts'))
    .map((path) => ({ path, text: read(path) }));
  const kinds = filesIn('templates/mail', '.hbs')
    .map((path) => path.slice('templates/mail/'.length, -'.hbs'.length))
    .filter((name) => !name.startsWith('layout') && !name.includes('/'));
  return page(
    '# Mails',
    'Kinds of mail that `los` sends over SMTP (`mail` in the [settings](settings.md)). Snowflake itself also mails `events`, where `mail.verified` names an address; [LOS_EVENTS](tables.md#los_events) lists their kinds.',
    table(
      ['kind', 'subject', 'sent by'],
      kinds.map((kind) => {
        const senders = sources
          .filter(({ text }) => new RegExp(`\\.(send|compose)\\(\\s*'${kind}'`).test(text))
          .map(({ path }) => code(path));
        return [
          code(kind),
          cell(subject(read(`templates/mail/${kind}.hbs`).split('\n')[0])),
          senders.join(', '),
        ];
      }),
    ),
  );
}

/** A subject's template in words: places in italics, alternatives one after the other. */
function subject(line) {
  return line
    .replace(/\{\{plural \w+ "\w+" "(\w+)"\}\}/g, '$1')
    .replace(/\{\{else\}\}/g, ' / ')
    .replace(/\{\{[#/][^}]*\}\}/g, '')
    .replace(/\{\{(?:\w+ )?([\w.]+)\}\}/g, (_, name) => `*${name.replace('.length', '')}*`);
}
