// What the page can do without: one page at a time, and figures where the pointer is.
const pages = [...document.querySelectorAll('.page')];
const links = [...document.querySelectorAll('nav a')];

function show() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const page = pages.find((each) => wanted === each.id || each.querySelector(`[id="${CSS.escape(wanted)}"]`));
  // A link to something else, to the content say, leaves the page as it is.
  if (!page && pages.some((each) => each.hidden)) return;
  for (const each of pages) each.hidden = each !== (page ?? pages[0]);
  for (const link of links) {
    if (link.hash === `#${(page ?? pages[0]).id}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}
addEventListener('hashchange', () => {
  show();
  if (pages.some(({ id }) => location.hash === `#${id}`)) scrollTo(0, 0);
});
show();

for (const chart of document.querySelectorAll('.chart')) {
  const svg = chart.querySelector('svg');
  const table = chart.closest('figure').querySelector('table');
  const along = svg.dataset.x === undefined ? 'y' : 'x';
  const places = svg.dataset[along].split(' ').map(Number);
  const head = [...table.querySelectorAll('th')].map((cell) => cell.textContent);
  const tip = Object.assign(document.createElement('div'), { className: 'tip', hidden: true });
  const mark = Object.assign(document.createElement('div'), { className: 'mark', hidden: true });
  tip.setAttribute('aria-hidden', 'true');
  mark.setAttribute('aria-hidden', 'true');
  chart.append(mark, tip);
  chart.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    const scale = box.width / svg.viewBox.baseVal.width;
    const at = (along === 'x' ? event.clientX - box.left : event.clientY - box.top) / scale;
    const nearest = places.reduce(
      (best, place, i) => (Math.abs(place - at) < Math.abs(places[best] - at) ? i : best),
      0,
    );
    const cells = [...table.tBodies[0].rows[nearest].cells].map((cell) => cell.textContent);
    tip.replaceChildren(
      ...head.flatMap((name, i) => [document.createElement('br'), `${name}: ${cells[i]}`]).slice(1),
    );
    const place = places[nearest] * scale;
    tip.hidden = false;
    mark.hidden = along === 'y';
    mark.style.cssText = `left:${place}px;top:0;width:1px;height:${box.height}px`;
    const left = along === 'x' ? place + 8 : event.clientX - box.left + 12;
    tip.style.left = `${Math.max(0, Math.min(left, box.width - tip.offsetWidth))}px`;
    tip.style.top = along === 'x' ? '0' : `${place + 10}px`;
  });
  chart.addEventListener('pointerleave', () => {
    tip.hidden = true;
    mark.hidden = true;
  });
}
