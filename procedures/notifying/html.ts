import type { Letter, Told } from './outbox.js';

/** A mail as SYSTEM$SEND_EMAIL takes it. */
export interface Written {
  readonly subject: string;
  readonly html: string;
}

const COLOURS: Readonly<Record<Told['severity'], string>> = {
  critical: '#a3201c',
  warning: '#8a5a00',
  info: '#1f5f8b',
};

/** The outcome, as the subject of a mail says it. */
export function titleOf({ events }: Letter): string {
  const [first] = events;
  if (first !== undefined && events.length === 1) return `${headline(first)}: ${first.subject}`;
  const warnings = events.filter(({ severity }) => severity !== 'info').length;
  return warnings > 0
    ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ${events.length} events`
    : `${events.length} events`;
}

/** What happened, in the fewest words. */
export function headline({ kind, severity }: Told): string {
  if (kind === 'alarm') return severity === 'critical' ? 'ALARM' : 'Warning';
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
}

/**
 * Writes a letter as HTML that reads well on a phone: one column, the outcome on top of each event. Plain enough for the
 * text/html of SYSTEM$SEND_EMAIL, which carries neither pictures nor a text part.
 */
export function write(letter: Letter, about: { prefix: string; deployment: string }): Written {
  const title = titleOf(letter);
  const parts = letter.events.map(
    (
      event,
    ) => `<div style="border-left:4px solid ${COLOURS[event.severity]};padding:2px 0 2px 12px;margin:0 0 20px">
<p style="margin:0;color:${COLOURS[event.severity]};font-weight:bold">${escaped(headline(event))}: ${escaped(event.subject)}</p>
<p style="margin:6px 0">${escaped(event.message)}</p>
${event.next === null ? '' : `<p style="margin:6px 0"><b>Next:</b> ${escaped(event.next)}</p>\n`}<p style="margin:6px 0 0;color:#5b6672;font-size:13px">${escaped(event.day)} · event ${escaped(event.id)}</p>
</div>`,
  );
  return {
    subject: `${about.prefix} ${title}`.trim(),
    html: `<div style="font:16px/1.5 system-ui,sans-serif;color:#1c2733;max-width:600px">
<h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">${escaped(title)}</h1>
${parts.join('\n')}
<p style="color:#5b6672;font-size:13px;margin:0">${escaped(about.deployment)} · This mail holds counts and aggregated figures only.</p>
</div>`,
  };
}

function escaped(text: string): string {
  return text
    .split('&')
    .join('&amp;')
    .split('<')
    .join('&lt;')
    .split('>')
    .join('&gt;')
    .split('"')
    .join('&quot;');
}
