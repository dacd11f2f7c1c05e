/** Plots as pictures that stand on their own: no style sheet, no script, no link. */

const NAMESPACE = 'http://www.w3.org/2000/svg';
const MARGIN = 16;
const LINE = 18;
/** Pixels of the PNG for one CSS pixel. */
const SHARPNESS = 2;

const SHAPES = new Set(['path', 'line', 'rect', 'circle', 'polygon', 'polyline']);
const PAINT = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin', 'opacity'];
const LETTERS = ['fill', 'font-family', 'font-size', 'font-weight', 'text-anchor'];
const HALO = ['paint-order', 'stroke', 'stroke-width', 'stroke-linejoin'];
/** What a property is where it says nothing. */
const PLAIN: Readonly<Record<string, string>> = {
  'fill-opacity': '1',
  opacity: '1',
  stroke: 'none',
  'stroke-dasharray': 'none',
  'stroke-linejoin': 'miter',
  'font-weight': '400',
  'text-anchor': 'start',
  'paint-order': 'normal',
};
/** Where and how large: what is kept of the attributes of an element. */
const GEOMETRY = ['x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'dx', 'dy', 'd', 'points', 'transform'];

export interface PictureWords {
  /** Becomes the title. */
  readonly claim: string;
  /** The line below the plots: which audit, figure and level. */
  readonly source: string;
}

/**
 * The plots of a figure as one SVG, below each other, in the colours they have on screen on paper of the same theme, with a
 * line that names the source. Colours and fonts stand on every element, so that it looks the same in any program. Links
 * become plain groups; the words of a mark stay as its title. Throws where there is no plot.
 */
export function svgOf(figure: Element, { claim, source }: PictureWords): string {
  const plots = [...figure.querySelectorAll<SVGSVGElement>('.plot svg.recharts-surface')];
  const [first] = plots;
  if (first === undefined) throw new Error('There is no plot to save.');
  const sizes = plots.map((plot) => [lengthOf(plot, 'width'), lengthOf(plot, 'height')] as const);
  const width = Math.max(...sizes.map(([own]) => own)) + 2 * MARGIN;
  const height = sizes.reduce((sum, [, own]) => sum + own, 0) + 2 * MARGIN + LINE;
  const root = make('svg', { width, height, viewBox: `0 0 ${String(width)} ${String(height)}` });
  root.setAttribute('xmlns', NAMESPACE);
  const said = plots.map((plot) => plot.closest('.plot')?.getAttribute('aria-label') ?? '');
  root.append(words('title', claim), words('desc', said.join(' ')));
  const paper = getComputedStyle(figure.ownerDocument.body).backgroundColor;
  root.append(make('rect', { width, height, fill: paper }));
  let top = MARGIN;
  plots.forEach((plot, i) => {
    const group = make('g', { transform: `translate(${String(MARGIN)} ${String(top)})` });
    copyChildren(plot, group);
    root.append(group);
    top += sizes[i]![1];
  });
  const style = getComputedStyle(first);
  const line = make('text', { x: MARGIN, y: height - MARGIN + 4, fill: style.color, 'font-size': '11px' });
  line.setAttribute('font-family', style.fontFamily);
  line.textContent = source;
  root.append(line);
  return new XMLSerializer().serializeToString(root);
}

/** An SVG as PNG, twice as many pixels as it has. Throws where the browser cannot draw it. */
export async function pngOf(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = SHARPNESS * image.naturalWidth;
    canvas.height = SHARPNESS * image.naturalHeight;
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (context === null || blob === null) throw new Error('The browser cannot draw the picture.');
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}

function copyChildren(from: Element, to: Element): void {
  for (const child of from.children) {
    const copied = copy(child);
    if (copied !== null) to.append(copied);
  }
}

function copy(element: Element): Element | null {
  const name = element.localName;
  const style = getComputedStyle(element);
  if (element.classList.contains('hit') || style.display === 'none') return null;
  if (name === 'title') return element.textContent === '' ? null : words('title', element.textContent);
  if (SHAPES.has(name)) {
    const shape = make(name, kept(element, [...GEOMETRY, 'width', 'height']));
    paint(shape, style, PAINT);
    if (!shape.hasAttribute('stroke'))
      for (const idle of PAINT) if (/^stroke-/u.test(idle)) shape.removeAttribute(idle);
    copyChildren(element, shape);
    return shape;
  }
  if (name === 'text' || name === 'tspan') {
    const text = make(name, kept(element, GEOMETRY));
    paint(text, style, style.stroke === '' || style.stroke === 'none' ? LETTERS : [...LETTERS, ...HALO]);
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) text.append(node.textContent ?? '');
      else if (node instanceof Element) text.append(...[copy(node)].filter((one) => one !== null));
    }
    return text;
  }
  if (name !== 'g' && name !== 'a') return null;
  const group = make('g', kept(element, ['transform']));
  paint(group, style, ['opacity']);
  copyChildren(element, group);
  return group.childElementCount === 0 ? null : group;
}

function paint(element: Element, style: CSSStyleDeclaration, properties: readonly string[]): void {
  for (const property of properties) {
    const value = style.getPropertyValue(property);
    if (value !== '' && value !== PLAIN[property]) element.setAttribute(property, value);
  }
}

function kept(element: Element, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => (element.hasAttribute(name) ? [[name, element.getAttribute(name)!]] : [])),
  );
}

function make(name: string, attributes: Readonly<Record<string, string | number>>): Element {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

function words(name: 'title' | 'desc', text: string): Element {
  const element = make(name, {});
  element.textContent = text;
  return element;
}

const lengthOf = (plot: Element, side: 'width' | 'height'): number => Number(plot.getAttribute(side));
