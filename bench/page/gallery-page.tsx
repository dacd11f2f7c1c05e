import { createRoot } from 'react-dom/client';
import { openRepository } from '#storage/open.ts';
import { useData } from '#store/data.ts';
import { useEvidence } from '#store/evidence.ts';
import { resetGallery, useGallery } from '#store/gallery.ts';
import { setReviewer, showLabels } from '#store/labels.ts';
import { provideServices, type Services } from '#store/services.ts';
import { GalleryScreen } from '#ui/gallery/gallery-screen.tsx';
import { drawnAudit } from './gallery-audit.ts';
import type { GalleryTimes } from './gallery-times.ts';

/** Shows the gallery over a drawn audit, with labels in the browser's own storage. */
export function showGallery(root: HTMLElement, examples: number): void {
  const sources = { picture: () => Promise.resolve(null) };
  const analysis = { prefer: () => undefined };
  provideServices({ repository: openRepository(), sources, analysis } as unknown as Services);
  const { dataset, evidence } = drawnAudit(examples);
  const loaded = { dataset, skipped: [], duplicates: { groups: 0, acrossSplits: 0 } };
  useData.setState({ state: { kind: 'ready', dataset, question: dataset.question, loaded } });
  useEvidence.setState({ state: evidence });
  location.hash = '#/gallery?level=pruned-0.9&top=0';
  resetGallery();
  showLabels('gallery-bench', []);
  setReviewer('Bench');
  createRoot(root).render(<GalleryScreen />);
  window.longtailGallery = { measure };
}

const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));

async function framesOf(count: number, each: (i: number) => void): Promise<number[]> {
  const times: number[] = [];
  let before = await frame();
  for (let i = 0; i < count; i++) {
    each(i);
    const now = await frame();
    times.push(now - before);
    before = now;
  }
  return times;
}

function press(key: string, code: string): void {
  for (const type of ['keydown', 'keyup'])
    document.body.dispatchEvent(new KeyboardEvent(type, { key, code, bubbles: true }));
}

async function measure(rounds: number): Promise<GalleryTimes> {
  const scroller = document.querySelector('.cards-scroll');
  if (scroller === null) throw new Error('There is no ranking to scroll.');
  for (let i = 0; i < 30; i++) await frame();
  const scroll = await framesOf(60 * rounds, () => {
    scroller.scrollTop += 90;
  });
  const levels: number[] = [];
  for (let i = 0; i < 4 * rounds; i++) {
    const key = Math.floor(i / 8) % 2 === 0 ? '[' : ']';
    levels.push(
      ...(await framesOf(20, (at) =>
        at === 0 ? press(key, key === '[' ? 'BracketLeft' : 'BracketRight') : undefined,
      )),
    );
  }
  const keys: number[] = [];
  for (let i = 0; i < 5 * rounds; i++) {
    const start = performance.now();
    const next = new Promise<void>((done) => {
      const { selected } = useGallery.getState();
      const stop = useGallery.subscribe((state) => {
        if (state.selected === selected) return;
        stop();
        done();
      });
    });
    press('1', 'Digit1');
    await next;
    await frame();
    keys.push(performance.now() - start);
    await frame();
  }
  return { scroll, levels, keys };
}
