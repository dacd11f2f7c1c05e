import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { unzipSync } from 'fflate';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hookerSchedule, scheduledUpdates } from '#compression/schedule.ts';
import { readSafetensors, writeSafetensors } from '#storage/safetensors.ts';
import { useGallery } from '#store/gallery.ts';
import { deleteAudit } from '#store/library.ts';
import { startTraining, useTraining } from '#store/training.ts';
import { hearSavedFiles } from '#testing/saved-files.ts';
import { openSmallAudit } from '#testing/small-audit.ts';
import { CompressionScreen } from './compression-screen.tsx';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const STEPS = 6;
let saved: ReturnType<typeof hearSavedFiles>;

beforeAll(async () => {
  openSmallAudit({
    members: 2,
    levels: [
      hookerSchedule(0.9, STEPS),
      { kind: 'hybrid-int8', tensors: 'tflite-faithful' },
      { kind: 'fixed-int8', calibration: 10 },
    ],
  });
  await startTraining();
  await vi.waitUntil(() => useTraining.getState().status === 'done', { timeout: 20_000 });
});
beforeEach(() => {
  saved = hearSavedFiles();
  render(<CompressionScreen />);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const choose = (label: string, value: string): void => {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
};
const part = (title: string) => within(screen.getByRole('region', { name: title }));
const cellsOf = (title: string, tensor: string): (string | null)[] =>
  within(part(title).getByRole('row', { name: new RegExp(`^${tensor} `) }))
    .getAllByRole('cell')
    .map((cell) => cell.textContent);
const member = (level: string, index = 0) =>
  useTraining.getState().results.find(({ key }) => key.level === level && key.index === index)!;
const account = (level: string, tensor: string) => member(level).tensors!.find(({ name }) => name === tensor)!;

describe('what was really done', () => {
  it('says of a pruned member what was planned and achieved, tensor by tensor, and by which rule', () => {
    choose('Level', 'pruned-0.9');
    expect(useGallery.getState().filters.level).toBe('pruned-0.9');
    const { achievedSparsity } = account('pruned-0.9', 'dense1/kernel');
    const [numbers, planned, removed, bits, , , , rule] = cellsOf('Every tensor', 'dense1/kernel');
    expect([numbers, planned, bits]).toEqual(['128', '90.00\u00a0%', 'float32']);
    expect(removed).toBe(`${(100 * achievedSparsity).toFixed(2)}\u00a0%`);
    expect(rule).toMatch(/^pruned by itself/);
    expect(cellsOf('Every tensor', 'dense2/kernel').at(-1)).toMatch(/^kept whole: the kernel of the last layer/);
    expect(screen.queryByRole('region', { name: 'Every value between the layers' })).toBeNull();
  });

  it('draws the schedule with every update of the mask, and lists them', () => {
    choose('Level', 'pruned-0.9');
    const updates = scheduledUpdates(hookerSchedule(0.9, STEPS));
    const schedule = part('When the weights went');
    expect(
      schedule.getByText(new RegExp(`^${String(updates.length)} mask updates, from step 1 to 5 of 6`)),
    ).toBeTruthy();
    fireEvent.click(schedule.getByRole('button', { name: 'Show as table' }));
    const rows = schedule.getAllByRole('rowheader').map((row) => row.textContent);
    expect(rows).toEqual([...updates.map(String), 'measured at the end']);
    choose('Level', 'fixed-int8');
    expect(screen.queryByRole('region', { name: 'When the weights went' })).toBeNull();
  });

  it('gives scales, zero points and shares clipped of a quantized member, and why a tensor was skipped', () => {
    choose('Level', 'fixed-int8');
    const { quantization } = account('fixed-int8', 'dense1/kernel');
    expect(cellsOf('Every tensor', 'dense1/kernel').slice(3, 7)).toEqual([
      ...['8', quantization!.scales[0]!.toPrecision(4), '0', '0.00\u00a0%'],
    ]);
    const points = part('Every value between the layers');
    const { grid } = member('fixed-int8').activations![0]!;
    expect(points.getByRole('row', { name: /^input / }).textContent).toContain(
      `${grid.scale.toPrecision(4)}${String(grid.zeroPoint).replace('-', '−')}`,
    );
    choose('Level', 'hybrid-int8');
    expect(cellsOf('Every tensor', 'dense1/kernel').at(-1)).toMatch(/^kept in float: 128 elements/);
  });

  it('holds bytes and accuracy beside the baseline member of the same seed', () => {
    choose('Level', 'pruned-0.9');
    choose('Member', '1');
    const size = part('What it takes to store');
    expect(size.getByText(/is not smaller until it is packed/)).toBeTruthy();
    const cells = within(size.getByRole('row', { name: /^Floats, gzip / }))
      .getAllByRole('cell')
      .map((cell) => cell.textContent);
    const [before, after] = [member('baseline', 1), member('pruned-0.9', 1)].map(({ sizes }) => sizes);
    expect(cells).toHaveLength(3);
    expect(cells[2]).toBe(`${((100 * after!.gzipBytes!) / before!.denseBytes).toFixed(1)}\u00a0%`);
    expect(size.getByRole('row', { name: /^Accuracy on the audit split/ }).textContent).toContain(
      (100 * member('pruned-0.9', 1).accuracy).toFixed(1),
    );
  });

  it('shows how the weights of a tensor are spread before and after, whose bins add up', () => {
    choose('Level', 'pruned-0.9');
    choose('Tensor', 'dense1/kernel');
    const spread = part('The weights before and after');
    fireEvent.click(spread.getByRole('button', { name: 'Show as table' }));
    const rows = within(spread.getByRole('table')).getAllByRole('row').slice(1);
    const shares = rows.map((row) =>
      within(row)
        .getAllByRole('cell')
        .map((cell) => parseFloat(cell.textContent)),
    );
    expect(rows).toHaveLength(41);
    for (const column of [1, 3]) {
      expect(shares.reduce((sum, row) => sum + row[column]!, 0)).toBeCloseTo(100, 0);
    }
    expect(spread.getByText(/^Exactly 0: 0\.0/).textContent).toContain('(0) before, ');
  });

  it('saves the weights in every form, and finds the same predictions when it reads them back', async () => {
    choose('Level', 'fixed-int8');
    for (const form of ['dense', 'compressed']) {
      choose('Format', form);
      fireEvent.click(screen.getByRole('button', { name: 'Save the weights of member 1' }));
      const name = `fixed-int8-0000.${form === 'dense' ? '' : 'compressed.'}safetensors`;
      const bytes = await saved.bytes(name);
      const file = new File([bytes], name);
      fireEvent.change(screen.getByLabelText('Check a file'), { target: { files: [file] } });
      await screen.findByText(new RegExp(`^${name.replaceAll('.', '\\.')}: fixed int8, member 1, is right on`));
      expect(screen.getByText('The same: all 40 predictions are those of this audit.')).toBeTruthy();
    }
    choose('Format', 'tfjs');
    fireEvent.click(screen.getByRole('button', { name: 'Save the weights of member 1' }));
    const zip = unzipSync(await saved.bytes('fixed-int8-0000.tfjs.zip'));
    expect(Object.keys(zip).sort()).toEqual(['model.json', 'weights.bin']);
  });

  it('says how many predictions differ where the weights are others, and refuses what is no such file', async () => {
    choose('Level', 'baseline');
    fireEvent.click(screen.getByRole('button', { name: 'Save the weights of member 1' }));
    const read = readSafetensors(await saved.bytes('baseline-0000.safetensors'), 'a');
    if (!read.ok) throw new Error(read.problem.message);
    const tensors = read.value.tensors.map((tensor) =>
      tensor.name === 'dense2/bias' ? { ...tensor, data: Float32Array.of(100, -100) } : tensor,
    );
    const changed = writeSafetensors({ ...read.value, tensors });
    fireEvent.change(screen.getByLabelText('Check a file'), { target: { files: [new File([changed], 'changed')] } });
    const said = await screen.findByText(/of 40 predictions differ from those of this audit\.$/);
    expect(parseInt(said.textContent)).toBe(member('baseline').predictions.filter((label) => label !== 0).length);
    fireEvent.change(screen.getByLabelText('Check a file'), { target: { files: [new File(['no'], 'no.txt')] } });
    expect(await screen.findByText('no.txt: this is no safetensors file, or it is damaged.')).toBeTruthy();
  });

  it('comes after training', async () => {
    cleanup();
    await deleteAudit(useTraining.getState().auditId!);
    render(<CompressionScreen />);
    expect(screen.getByRole('link', { name: 'Go to training' })).toBeTruthy();
  });
});
