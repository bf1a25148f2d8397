/** What our Markdown templates use of it, as HTML: headings, paragraphs, lists, tables and code. Everything is escaped. */
export function markdownToHtml(text: string): string {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((block) => blockToHtml(block.split('\n')))
    .join('\n');
}

function blockToHtml(lines: readonly string[]): string {
  const first = lines[0]!;
  const heading = /^(#{1,6}) (.*)$/.exec(first);
  if (heading) {
    const level = heading[1]!.length;
    const rest = lines.length > 1 ? `\n${blockToHtml(lines.slice(1))}` : '';
    return `<h${level}>${inline(heading[2]!)}</h${level}>${rest}`;
  }
  if (lines.every((line) => line.startsWith('- ')))
    return `<ul>\n${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('\n')}\n</ul>`;
  if (first.startsWith('|')) return tableToHtml(lines);
  return `<p>${inline(lines.join(' '))}</p>`;
}

function tableToHtml([head, rule, ...rows]: readonly string[]): string {
  const right = cells(rule ?? '').map((mark) => mark.endsWith(':'));
  const row = (line: string, tag: 'th' | 'td') =>
    `<tr>${cells(line)
      .map((text, i) => `<${tag}${right[i] ? ' class="number"' : ''}>${inline(text)}</${tag}>`)
      .join('')}</tr>`;
  return `<table>\n${[row(head!, 'th'), ...rows.map((line) => row(line, 'td'))].join('\n')}\n</table>`;
}

/** A bar with a backslash before it is part of a cell. */
function cells(line: string): string[] {
  return line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function inline(text: string): string {
  const safe = text.replace(/[&<>"]/g, (character) => entities[character]!);
  return safe.replace(/`([^`]*)`/g, '<code>$1</code>');
}
