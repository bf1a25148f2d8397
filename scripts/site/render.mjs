// Turns a page of Markdown into the HTML of its content, and into sections for the search.
import { Marked } from 'marked';
import { parse, targetOf } from './markdown.mjs';
import { pages, relative } from './pages.mjs';

const escapeHtml = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Files that pages show besides text. */
export const PICTURE = /\.(?:png|svg)$/;

/**
 * Address of a link in the site; undefined for a file of the repository that the site does not have.
 * @param {string} from path of the page
 */
function addressOf(from, link) {
  if (/^[a-z]+:/.test(link)) return link;
  const { path, heading } = targetOf(from, link);
  const to = pages.get(path)?.url ?? (PICTURE.test(path) ? path : undefined);
  if (to === undefined) return undefined;
  const address = path === from ? '' : relative(pages.get(from).url, to);
  return heading === undefined ? address : `${address}#${heading}`;
}

/** Renderer of marked for a page: GitHub's anchors, addresses of the site, and what is wide scrolls by itself. */
function rendererOf(from) {
  return {
    heading({ tokens, depth, id }) {
      return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens);
      const address = addressOf(from, href);
      if (address !== undefined) return `<a href="${escapeHtml(address)}">${text}</a>`;
      const { path } = targetOf(from, href);
      return text.includes(path) ? `<code>${path}</code>` : `${text} (<code>${path}</code>)`;
    },
    image: ({ href, text }) => `<img src="${escapeHtml(addressOf(from, href))}" alt="${escapeHtml(text)}">`,
    code: ({ text }) => `<pre tabindex="0"><code>${escapeHtml(text)}\n</code></pre>\n`,
    table(token) {
      const row = (cells, open, close) => {
        const inner = cells.map(({ tokens }) =>
          tokens.length === 0 ? '<td></td>' : `${open}${this.parser.parseInline(tokens)}${close}`,
        );
        return `<tr>${inner.join('')}</tr>\n`;
      };
      const head = row(token.header, '<th scope="col">', '</th>');
      const body = token.rows.map((cells) => row(cells, '<td>', '</td>')).join('');
      return `<div class="wide" tabindex="0"><table>\n<thead>${head}</thead>\n<tbody>${body}</tbody></table></div>\n`;
    },
    html: ({ text }) =>
      text
        .replace(/<!--[\s\S]*?-->\n?/g, '')
        .replace(
          /(src|href)="([^"]+)"/g,
          (_, name, link) => `${name}="${escapeHtml(addressOf(from, link))}"`,
        ),
  };
}

/** HTML of a page's content. @param {string} path of its Markdown */
export function contentOf(path) {
  const marked = new Marked({ renderer: rendererOf(path) });
  return marked.parser(parse(path).tokens);
}

/** Sections of a page as the search shows them. @returns {{ title: string, heading: string, url: string, text: string }[]} */
export function sectionsOf(path) {
  const { title, url } = pages.get(path);
  const sections = [];
  for (const token of parse(path).tokens) {
    if (token.type === 'heading') {
      const heading = token.depth === 1 ? '' : token.text.replaceAll('`', '');
      sections.push({ title, heading, url: heading ? `${url}#${token.id}` : url, text: '' });
    } else if (sections.length > 0 && token.type !== 'html') sections.at(-1).text += ` ${wordsOf(token)}`;
  }
  return sections.map((section) => ({ ...section, text: section.text.replace(/\s+/g, ' ').trim() }));
}

/** Text of a block without its marks. */
const wordsOf = ({ raw }) =>
  raw.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/^```\w*$|[|`]|\*\*|^[ |:-]+$/gm, ' ');
