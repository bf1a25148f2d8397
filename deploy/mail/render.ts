import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { localTime, UTC } from '../ground/local-time.js';
import { projectRoot } from '../project.js';
import type { MailEvents } from './events.js';

export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

const folder = join(projectRoot, 'templates', 'mail');
const handlebars = Handlebars.create();
const cache = new Map<string, Handlebars.TemplateDelegate>();

handlebars.registerHelper('number', (value: unknown) =>
  typeof value !== 'number'
    ? value
    : Number.isFinite(value)
      ? value.toLocaleString('en-US', { maximumFractionDigits: 3 })
      : '–',
);
// Figures stand on the right, one below the other; sentences are read from the left.
handlebars.registerHelper('align', (value: unknown) =>
  typeof value === 'number' || (typeof value === 'string' && /^[-+−]?[\d.,]+( %)?$/.test(value))
    ? 'right'
    : 'left',
);
handlebars.registerHelper('some', (...lists: unknown[]) =>
  lists.some((list) => Array.isArray(list) && list.length > 0),
);
handlebars.registerHelper('join', (items: unknown) => (Array.isArray(items) ? items.join(', ') : items));
for (const partial of ['figures', 'tables'])
  handlebars.registerPartial(partial, readFileSync(join(folder, 'partials', `${partial}.hbs`), 'utf8'));

function template(name: string, html = true): Handlebars.TemplateDelegate {
  const key = `${name}${html}`;
  let compiled = cache.get(key);
  if (!compiled) {
    const source = readFileSync(join(folder, `${name}.hbs`), 'utf8');
    compiled = handlebars.compile(source, { strict: false, noEscape: !html });
    cache.set(key, compiled);
  }
  return compiled;
}

/**
 * Renders a status mail. templates/mail/<event>.hbs gives the subject in its first line and the event's own
 * HTML after it; layout.hbs puts summary, figures and tables around that, layout.text.hbs does so in text.
 * @param about where this comes from, for the foot of the mail
 */
export function renderMail<E extends keyof MailEvents>(
  event: E,
  data: MailEvents[E],
  about: { subjectPrefix: string; deployment: string; at: Date; timeZone?: string },
): RenderedMail {
  const values = {
    ...data,
    ...about,
    event,
    at: `${localTime(about.at, about.timeZone)} ${about.timeZone ?? UTC}`,
  };
  const body = template(event)(values);
  const split = body.indexOf('\n');
  const title = decodeEntities(body.slice(0, split).trim());
  const own = body.slice(split + 1).trim();
  return {
    subject: `${about.subjectPrefix} ${title}`.trim(),
    html: template('layout')({ ...values, title, body: own }),
    text: `${template(
      'layout.text',
      false,
    )({ ...values, title, body: toText(own) })
      .replace(/\n{3,}/g, '\n\n')
      .trim()}\n`,
  };
}

/** The event's own part as text: our templates use only p, ul, li, b and code. */
function toText(html: string): string {
  return decodeEntities(
    html
      .replace(/<li>/g, '- ')
      .replace(/<\/(p|li|ul)>/g, '\n')
      .replace(/<[^>]+>/g, ''),
  )
    .replace(/[ \t]+\n/g, '\n')
    .trim();
}

function decodeEntities(text: string): string {
  const entities: Record<string, string> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#x27;': "'",
    '&#x3D;': '=',
    '&#x60;': '`',
    '&amp;': '&',
  };
  return text.replace(/&(?:lt|gt|quot|amp|#x27|#x3D|#x60);/g, (entity) => entities[entity] ?? entity);
}
