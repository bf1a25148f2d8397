// The search of the site, in the browser: a field in the header, an index of sections that is loaded with the first key.
import MiniSearch from 'minisearch';

const MOST = 12;
const AROUND = 70; // characters shown before and after the word that was found
const { root } = document.currentScript.dataset;
const field = document.getElementById('search');
const found = document.getElementById('found');
const [status, list] = found.children;

let index;
function load() {
  index ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `${root}sections.js`;
    script.onload = () => resolve(indexOf(globalThis.sections));
    script.onerror = () => reject(new Error(`${script.src} could not be loaded.`));
    document.head.append(script);
  });
  return index;
}

function indexOf(sections) {
  const search = new MiniSearch({
    fields: ['heading', 'title', 'text'],
    storeFields: ['heading', 'title', 'text', 'url'],
    searchOptions: { boost: { heading: 4, title: 2 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
  });
  search.addAll(sections.map((section, id) => ({ id, ...section })));
  return search;
}

/** Words around the first that was found. */
function excerpt(text, terms) {
  const places = terms.map((term) => text.toLowerCase().indexOf(term)).filter((place) => place >= 0);
  const first = places.length === 0 ? 0 : Math.min(...places);
  const start = text.lastIndexOf(' ', Math.max(0, first - AROUND)) + 1;
  return text.slice(start, text.indexOf(' ', start + 2 * AROUND) >>> 0);
}

function itemOf({ title, heading, url, text, terms }) {
  const link = document.createElement('a');
  link.href = root + url;
  link.textContent = heading ? `${heading} · ${title}` : title;
  const words = document.createElement('p');
  words.textContent = excerpt(text, terms);
  const item = document.createElement('li');
  item.append(link, words);
  return item;
}

async function show() {
  const search = await load();
  const query = field.value.trim();
  const results = query === '' ? [] : search.search(query);
  list.replaceChildren(...results.slice(0, MOST).map(itemOf));
  status.textContent =
    results.length === 0 ? `Nothing found for “${query}”.` : `${results.length} sections found.`;
  found.hidden = query === '';
}

field.addEventListener('input', show);
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== field) {
    event.preventDefault();
    field.focus();
  } else if (event.key === 'Escape') {
    found.hidden = true;
    field.focus();
  }
});
