import { adviceFor, urgencyOf } from './advice.js';
import type { Told } from './outbox.js';

/** What goes into one mail: each critical event has its own, all others are one digest. */
export interface Letter {
  readonly events: readonly Told[];
}

/** Divides events into mails, those that cannot wait first. */
export function letters(events: readonly Told[]): Letter[] {
  const urgent = events
    .filter(({ severity }) => severity === 'critical')
    .map((event) => ({ events: [event] }));
  const others = events.filter(({ severity }) => severity !== 'critical');
  return others.length > 0 ? urgent.concat({ events: others }) : urgent;
}

const COLOURS: Readonly<Record<Told['severity'], string>> = {
  critical: '#a3201c',
  warning: '#8a5a00',
  info: '#1f5f8b',
};

/** A letter as its template takes it. */
export function mailOf(letter: Letter) {
  const { events } = letter;
  const [first] = events;
  return {
    title: titleOf(letter),
    summary:
      events.length === 1 || first === undefined
        ? ''
        : `${events.length} events, the oldest of ${first.day}. None of them is critical.`,
    events: events.map((event) => ({
      id: event.id,
      headline: headline(event),
      subject: event.subject,
      // Alone, a short one stands in the title already.
      message: events.length === 1 && `${outcome(event)}.` === event.message ? '' : event.message,
      next: [urgencyOf(event), event.next || ''].filter((part) => part !== '').join(' '),
      commands: adviceFor(event),
      day: event.day,
      colour: COLOURS[event.severity],
    })),
  };
}

/** The outcome, as the subject of a mail says it. */
export function titleOf({ events }: Letter): string {
  const warnings = events.filter(({ severity }) => severity !== 'info');
  const [first] = events;
  if (first === undefined) return 'Nothing to tell';
  if (events.length === 1) return `${headline(first)}: ${outcome(first)}`;
  if (warnings.length === 0) return `${headline(first)}: ${first.subject}, and ${events.length - 1} more`;
  const named = warnings.slice(0, NAMED).map(({ subject }) => subject);
  const others = events.length - named.length;
  return `${warnings.length === 1 ? 'Warning' : `${warnings.length} warnings`}: ${named.join(', ')}${others > 0 ? `, and ${others} more` : ''}`;
}

/** So many warnings are named in the subject of a digest. */
const NAMED = 2;

/** The first clause of an alarm; what else happens is told by its name. */
function outcome({ kind, subject, message }: Told): string {
  if (kind !== 'alarm') return subject;
  const [, clause] = /^(.{25,}?)(?:[.;] | \(|: |\.$)/.exec(message) || [];
  return clause === undefined ? message : clause;
}

/** What happened, in the fewest words. */
export function headline({ kind, severity }: Told): string {
  if (kind === 'alarm') return severity === 'critical' ? 'ALARM' : 'Warning';
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
}
