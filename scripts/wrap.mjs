/** No line of Markdown is longer; tables and blocks of code cannot be broken. */
export const WIDEST = 140;

/**
 * Breaks the lines of a generated page that are longer than WIDEST. Each paragraph and list item is one line there.
 * @param text Markdown; what is in ` ` stays on a line where it fits on one
 */
export function wrapped(text) {
  let code = false;
  return text
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('```')) code = !code;
      return code || line.length <= WIDEST || /^(\||#|<| {4})/.test(line) ? [line] : broken(line);
    })
    .join('\n');
}

/** A line as several: those after the first are indented as a list item's text is. */
function broken(line) {
  const indent = ' '.repeat(/^\s*(?:- )?/.exec(line)[0].length);
  const lines = [];
  let current = '';
  for (const word of words(line.trimEnd())) {
    if (current !== '' && current.length + 1 + word.length > WIDEST - 20 && current.trim() !== '-') {
      lines.push(current);
      current = indent + word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

/** Words with what stands before the first; code of several words is one, unless it is longer than a line. */
function words(line) {
  const lead = /^\s*/.exec(line)[0];
  const rest = line.slice(lead.length);
  const whole = rest.match(/(?:`[^`]*`|[^\s`])+/g) ?? [];
  const parts = whole.flatMap((word) => (word.length > WIDEST - 20 ? word.split(/\s+/) : [word]));
  return [lead + parts[0], ...parts.slice(1)];
}
