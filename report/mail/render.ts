import Handlebars from 'handlebars';
import { SUBJECT_PREFIX } from '../../procedures/ground/names.js';
import { decodeEntities, helpers, pageOf, pastable } from '../../procedures/notifying/page.js';
import { printable } from '../../procedures/notifying/printable.js';
import { template as textOf } from '../templates.js';
import { localTime, UTC } from '../text/local-time.js';
import { formatTable } from '../text/table.js';
import type { MailEvents, Table } from './events.js';

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

const handlebars = Handlebars.create();
const cache = new Map<string, Handlebars.TemplateDelegate>();

handlebars.registerHelper(helpers);
handlebars.registerHelper('join', (items: readonly string[]) => items.join(', '));
handlebars.registerHelper('tenths', (value: number) => value.toFixed(1));
handlebars.registerHelper('indented', (text: string) =>
  text ? `    ${text.replaceAll('\n', '\n    ')}` : '',
);
handlebars.registerHelper('tableText', (table: Table) => formatTable(table, TEXT_WIDTH).join('\n'));
for (const partial of ['commands', 'figures', 'tables'])
  handlebars.registerPartial(partial, textOf(`mail/partials/${partial}.hbs`));

function template(name: string, html = true): Handlebars.TemplateDelegate {
  const key = `${name}${html}`;
  let compiled = cache.get(key);
  if (!compiled) {
    const source = textOf(`mail/${name}.hbs`);
    compiled = handlebars.compile(source, { strict: false, noEscape: !html });
    cache.set(key, compiled);
  }
  return compiled;
}

/** Columns of the text part: mail programs wrap what is longer. */
const TEXT_WIDTH = 72;

/** Origin of a mail. */
export interface MailOrigin {
  readonly deployment: string;
  /** `DATABASE.SCHEMA` in which its SQL is to be pasted. */
  readonly schema: string;
  readonly at: Date;
  readonly timeZone?: string;
  /** True if the picture goes with it, under the ids picture@predict-los and, for dark mails, dark-picture@predict-los. */
  readonly pictured?: boolean;
}

/**
 * Renders a status mail. templates/mail/<event>.hbs gives the subject in its first line and the event's own
 * HTML after it; templates/mail/layout.hbs puts numbers, sentences, what to do and tables around that, templates/mail/layout.text.hbs
 * does so in text.
 * @example
 * const about = { deployment: 'los on cloud', schema: 'PREDICT_LOS.LOS', at: new Date() };
 * const { subject, text, html } = renderMail('data', { dataset: 'health', rows: 2000, summary: '2,000 rows were loaded.' }, about);
 */
export function renderMail<E extends keyof MailEvents>(
  event: E,
  data: MailEvents[E],
  about: MailOrigin,
): RenderedMail {
  const values = {
    ...data,
    ...about,
    pictured: about.pictured === true && data.picture !== undefined,
    at: `${localTime(about.at, about.timeZone)} ${about.timeZone ?? UTC}`,
  };
  const { title, own, html } = pageOf(template(event), template('layout'), values);
  const text = template(
    'layout.text',
    false,
  )({
    ...values,
    ...pastable(data, about.schema),
    title,
    body: toText(own),
  });
  return {
    subject: `${SUBJECT_PREFIX} ${title}`.trim(),
    html,
    text: `${printable(text)
      .replace(/\n{3,}/g, '\n\n')
      .trim()}\n`,
  };
}

/** The event's own part as text: our templates use only div, p, ul, li, b and pre. */
function toText(html: string): string {
  return decodeEntities(
    html
      .replace(
        /<pre[^>]*>([\s\S]*?)<\/pre>/g,
        (_, text: string) => `\n    ${text.replaceAll('\n', '\n    ')}\n`,
      )
      .replace(/<li[^>]*>/g, '- ')
      .replace(/<\/(p|li|ul|div)>/g, '\n')
      .replace(/<[^>]+>/g, ''),
  )
    .replace(/[ \t]+\n/g, '\n')
    .trim();
}
