import { adviceFor, urgencyOf } from './advice.js';
import type { EventMessage } from './outbox.js';

/** Events that go into one mail: each critical event and each status mail has its own, all others are one digest. */
export interface Letter {
  readonly events: readonly EventMessage[];
}

/** Divides events into mails, those that cannot wait first. */
export function letters(events: readonly EventMessage[]): Letter[] {
  const [critical, status, others] = [
    events.filter(({ severity }) => severity === 'critical'),
    events.filter(({ severity, mail }) => severity !== 'critical' && mail !== null),
    events.filter(({ severity, mail }) => severity !== 'critical' && mail === null),
  ];
  const own = critical.concat(status).map((event): Letter => ({ events: [event] }));
  return others.length > 0 ? own.concat({ events: others }) : own;
}

const COLOURS: Readonly<Record<EventMessage['severity'], string>> = {
  critical: '#a3201c',
  warning: '#8a5a00',
  info: '#1f5f8b',
  routine: '#5b6672',
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
  if (first.mail !== null) return first.subject;
  if (events.length === 1) return `${headline(first)}: ${outcome(first)}`;
  if (warnings.length === 0) return `${headline(first)}: ${first.subject}, and ${events.length - 1} more`;
  const named = warnings.slice(0, NAMED).map(({ subject }) => subject);
  const others = events.length - named.length;
  return `${warnings.length === 1 ? 'Warning' : `${warnings.length} warnings`}: ${named.join(', ')}${others > 0 ? `, and ${others} more` : ''}`;
}

/** So many warnings are named in the subject of a digest. */
const NAMED = 2;

/** The first clause of an alarm; what else happens is told by its name. */
function outcome({ kind, subject, message }: EventMessage): string {
  if (kind !== 'alarm') return subject;
  const [, clause] = /^(.{25,}?)(?:[.;] | \(|: |\.$)/.exec(message) || [];
  return clause === undefined ? message : clause;
}

/** Says what happened in the fewest words. */
export function headline({ kind, severity }: EventMessage): string {
  if (kind === 'alarm') return severity === 'critical' ? 'ALARM' : 'Warning';
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
}
