import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { valueCounts } from '#dataset/overview.ts';
import { trainingData } from '#dataset/training-data.ts';
import type { Result } from '#lib/result.ts';
import { createSources } from './client.ts';
import { clearShelf } from './shelf.ts';
import type { LoadedDataset, Mapping, NamedFile, SourceProgress } from './source.ts';

const sources = createSources({ datasetsUrl: new URL('/datasets/', location.href).href });
afterAll(() => {
  sources.dispose();
});

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** A picture painted here: left half one colour, right half another. */
async function picture(
  width: number,
  height: number,
  left: string,
  right: string,
  type: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = left;
  context.fillRect(0, 0, width / 2, height);
  context.fillStyle = right;
  context.fillRect(width / 2, 0, width / 2, height);
  const blob = await canvas.convertToBlob({ type, quality: 1 });
  return new Uint8Array(await blob.arrayBuffer());
}

const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value) as Uint8Array<ArrayBuffer>;
const IMAGES: Mapping = {
  kind: 'images',
  image: 'file',
  label: 'label',
  split: 'split',
  attributes: ['sex'],
  size: 16,
};

async function smallZip(): Promise<NamedFile> {
  const bytes = zipSync({
    'set/table.csv': text(
      'file,label,sex,split\na,cat,f,train\nb,dog,m,test\nc,dog,,train\nd,cat,m,test\ne,cat,f,train\nlost,cat,f,test\n',
    ),
    'set/images/a.png': await picture(32, 32, '#ff0000', '#0000ff', 'image/png'),
    'set/images/b.jpg': await picture(64, 32, '#00ff00', '#ffffff', 'image/jpeg'),
    'set/images/c.webp': await picture(20, 40, '#000000', '#000000', 'image/webp'),
    'set/images/d.png': text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    'set/images/e.jpg': (await picture(40, 40, '#123456', '#654321', 'image/jpeg')).slice(0, 200),
    'set/images/nobody.png': await picture(8, 8, '#fff', '#fff', 'image/png'),
    'set/.DS_Store': text('x'),
  });
  return { path: 'set.zip', blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) };
}

describe('a zip of pictures', () => {
  it('is inspected, then decoded in the worker, with a reason for every file that is left out', async () => {
    const inspection = valueOf(await sources.inspect([await smallZip()], {}));
    expect(inspection).toMatchObject({
      kind: 'images',
      tableName: 'set/table.csv',
      rows: 6,
      images: 6,
      ignored: ['set/.DS_Store'],
    });
    expect(inspection.suggestion).toEqual({ ...IMAGES, size: 32 });
    const progress: SourceProgress[] = [];
    const loaded = valueOf(await sources.load(inspection, IMAGES, { onProgress: (step) => progress.push(step) }));
    const { dataset, skipped } = loaded;
    expect(dataset.ids).toEqual(['a', 'b', 'c']);
    expect(progress.at(-1)).toEqual({ stage: 'Decoding images', done: 5, total: 5 });
    expect(new Map(skipped.map((file) => [file.name, file.reason]))).toEqual(
      new Map([
        ['d', 'it is not a PNG, JPEG, WebP or BMP picture'],
        ['e', expect.stringMatching(/cut off or damaged|cannot decode it/) as string],
        ['lost', 'set/table.csv, row 7 names it, but there is no such file'],
        ['set/images/nobody.png', 'no row of set/table.csv names it'],
      ]),
    );
    if (dataset.features.kind !== 'images') throw new Error('expected images');
    const { pixels } = dataset.features;
    const at = (example: number, y: number, x: number): number[] => [
      ...pixels.subarray(((example * 16 + y) * 16 + x) * 3).subarray(0, 3),
    ];
    expect([at(0, 8, 2), at(0, 8, 13)]).toEqual([
      [255, 0, 0],
      [0, 0, 255],
    ]);
    // The wide one is cropped to its middle, where the colours meet: JPEG is near, not exact.
    const [red = 255, green = 0] = at(1, 8, 2);
    expect(red).toBeLessThan(12);
    expect(green).toBeGreaterThan(243);
    expect(Math.min(...at(1, 8, 13))).toBeGreaterThan(243);
    expect([...dataset.split]).toEqual([0, 1, 0]);
    expect(valueCounts(dataset, 'label').map((row) => row.count)).toEqual([1, 2]);
    expect(dataset.hash).toMatch(/^[0-9a-f]{64}$/);
    // The same bytes again give the same hash, and nothing was lost with the buffers that moved here.
    const again = valueOf(await sources.load(valueOf(await sources.inspect([await smallZip()], {})), IMAGES, {}));
    expect(again.dataset.hash).toBe(dataset.hash);
    expect(trainingData(dataset, dataset.question).training.inputs.data.length).toBe(3 * 16 * 16 * 3);
  });

  it('is refused when the files were inspected before others', async () => {
    const first = valueOf(await sources.inspect([await smallZip()], {}));
    valueOf(await sources.inspect([await smallZip()], {}));
    expect(await sources.load(first, IMAGES, {})).toMatchObject({ ok: false, problem: { code: 'files-gone' } });
  });
});

describe('the built-in data', () => {
  const load = async (id: 'faces' | 'handwriting' | 'compas'): Promise<LoadedDataset> =>
    valueOf(await sources.builtin(id, { count: 200, seed: 5 }));

  it('draws faces, the same for the same seed', async () => {
    const { dataset } = await load('faces');
    expect(dataset.ids.length).toBe(200);
    expect(dataset.origin).toEqual({ kind: 'faces', seed: 5, count: 200 });
    expect((await load('faces')).dataset.hash).toBe(dataset.hash);
  });
  it('loads the digits and the table of COMPAS from beside the app', async () => {
    const digits = (await load('handwriting')).dataset;
    expect([digits.ids.length, digits.features.kind]).toEqual([10_000, 'images']);
    const compas = (await load('compas')).dataset;
    expect(valueCounts(compas, 'two_year_recid').map((row) => row.count)).toEqual([3963, 3251]);
  });
  it('stops at once when asked to, and goes on working after', async () => {
    const controller = new AbortController();
    const drawing = sources.builtin('faces', {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    expect(await drawing).toMatchObject({ ok: false, problem: { code: 'stopped' } });
    expect(await sources.builtin('faces', { signal: controller.signal })).toMatchObject({ ok: false });
    expect((await load('faces')).dataset.ids.length).toBe(200);
  });
  it('says so when a file is not there', async () => {
    const elsewhere = createSources({ datasetsUrl: 'http://localhost:1/' });
    const answer = await elsewhere.builtin('compas', {});
    elsewhere.dispose();
    expect(answer).toMatchObject({ ok: false, problem: { code: 'dataset-missing', file: 'compas.csv' } });
  });
  it('settles every pending call when it is disposed', async () => {
    const own = createSources();
    const drawing = own.builtin('faces', {});
    own.dispose();
    expect(await drawing).toMatchObject({ ok: false, problem: { code: 'stopped' } });
  });
});

describe('pictures larger than what the models see', () => {
  const pixel = (bitmap: ImageBitmap | null, x: number, y: number): number[] => {
    const context = new OffscreenCanvas(bitmap!.width, bitmap!.height).getContext('2d')!;
    context.drawImage(bitmap!, 0, 0);
    return [...context.getImageData(x, y, 1, 1).data.slice(0, 3)];
  };

  it('are drawn for built-in faces', async () => {
    const face = { seed: 1, index: 3 };
    const bitmap = await sources.picture({ dataset: null, id: 'face 3', face }, 208);
    expect([bitmap?.width, bitmap?.height]).toEqual([208, 208]);
    await expect(sources.picture({ dataset: null, id: 'face 3', face }, 100_000)).rejects.toThrow(
      'no face of 100000 pixels',
    );
  });

  it('come from the files of the dataset, and from the device once those are gone, until they are cleared', async () => {
    const inspection = valueOf(await sources.inspect([await smallZip()], {}));
    const { dataset } = valueOf(await sources.load(inspection, IMAGES, {}));
    await clearShelf(dataset.hash);
    const of = { dataset: dataset.hash, id: 'b', face: null };
    const first = await sources.picture(of, 24);
    expect([first?.width, first?.height]).toEqual([24, 24]);
    expect(pixel(first, 4, 12)[1]).toBeGreaterThan(200);
    expect(await sources.picture({ ...of, id: 'nobody knows' }, 24)).toBeNull();
    // Another worker has no files; what it shows was kept.
    const later = createSources();
    await expect.poll(() => later.picture(of, 24), { timeout: 5000 }).not.toBeNull();
    expect(Math.abs(pixel(await later.picture(of, 24), 4, 12)[1]! - pixel(first, 4, 12)[1]!)).toBeLessThan(16);
    expect(await later.picture(of, 25)).toBeNull();
    await clearShelf(dataset.hash);
    const last = createSources();
    expect(await last.picture(of, 24)).toBeNull();
    later.dispose();
    last.dispose();
  });
});
