import type { Entry } from '../results/deployment.js';
import { localTime } from '../text/local-time.js';
import { formatTable } from '../text/table.js';

/** Who did what when. @param zone IANA name of the zone that times are shown in */
export function historyLines(listed: readonly Entry[], zone: string): string[] {
  return formatTable({
    title: '',
    columns: [`When (${zone})`, 'Who', 'What', 'State', 'Release', 'Commit', 'Message'],
    rows: listed.map((entry) => [
      localTime(entry.started ?? entry.asked, zone),
      entry.host ? `${entry.user} on ${entry.host}` : entry.user,
      entry.subject ? `${entry.action} ${entry.subject}` : entry.action,
      entry.status.toLowerCase(),
      entry.release ?? '',
      shortHash(entry.commit),
      shorten(entry.message ?? ''),
    ]),
  }).slice(1);
}

/** As git shortens it, with + for changes that are in no commit. */
function shortHash(commit: string | null): string {
  return commit ? commit.slice(0, 10) + (commit.endsWith(' (changed)') ? '+' : '') : '';
}

function shorten(message: string): string {
  const line = message.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
