import { auditJson } from '#audit/audit-json.ts';
import { clearShelf } from '#sources/shelf.ts';
import type { BuiltinId, LoadedDataset } from '#sources/source.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { ok, fail, type Result } from '#lib/result.ts';
import type { Bundle } from '#storage/bundle.ts';
import type { AuditRecord } from '#storage/records.ts';
import type { Repository } from '#storage/repository.ts';
import { examplesCsv } from '#sources/formats/examples-csv.ts';
import { predictionsCsv } from '#sources/formats/predictions-csv.ts';
import { chooseBuiltin, replaceCopies, showDataset, useData } from './data.ts';
import { useEvidence } from './evidence.ts';
import { showLabels } from './labels.ts';
import { applyPreset, showPlan, usePlan } from './plan.ts';
import { tableWithProbabilities } from './prediction-table.ts';
import { refreshLibrary, say, useLibrary } from './library-list.ts';
import { reviewedPart } from './reviewed-file.ts';
import { fileName, saveFile } from './save-file.ts';
import { services } from './services.ts';
import { lastAudit } from './last-audit.ts';
import { copiesUntil, wholeData } from './whole-data.ts';
import { dropAudit, showAudit, startTraining, useTraining } from './training.ts';

export { refreshLibrary, useLibrary };

/** Loads the built-in data, takes the one-minute plan and trains. */
export async function runDemo(id: BuiltinId): Promise<void> {
  await chooseBuiltin(id);
  if (useData.getState().state.kind !== 'ready') return;
  applyPreset('one-minute');
  location.hash = '#/training';
  await startTraining();
}

/** Makes a built-in dataset again and holds it against the hash it had. */
async function remake(origin: Dataset['origin'], hash: string): Promise<Result<Dataset>> {
  if (origin.kind === 'files') return fail('dataset', 'The data of this audit are not in the file.');
  const loaded =
    origin.kind === 'faces'
      ? await services().sources.builtin('faces', { seed: origin.seed, count: origin.count })
      : await services().sources.builtin(origin.id as BuiltinId, {});
  if (!loaded.ok) return loaded;
  if (loaded.value.dataset.hash !== hash) {
    return fail(
      'dataset',
      'This version of Longtail makes the built-in data differently: the audit cannot be shown beside them.',
    );
  }
  return ok(loaded.value.dataset);
}

/** Of two audits that are opened at once the one asked for last is shown. */
let openings = 0;

/** Opens a kept audit: data, plan, members, evidence and labels as they were left. */
export async function openAudit(id: string): Promise<void> {
  const turn = ++openings;
  try {
    const repository = await services().repository;
    const record = await repository.audit(id);
    if (!record) {
      say('open', 'This audit is not on this device any more.');
      return;
    }
    const dataset = await repository.dataset(record.datasetHash);
    if (!dataset) {
      // The page was left while its faces were still being drawn.
      if (id === FINISHED_ID) await importFinished();
      else say('open', 'The data of this audit are not on this device any more.');
      return;
    }
    await showKept(repository, record, dataset, turn);
  } catch (error) {
    say('open', error);
  }
}

async function showKept(repository: Repository, record: AuditRecord, dataset: Dataset, turn: number): Promise<void> {
  const { id } = record;
  const labels = await repository.labels(id);
  const members = await repository.members(id);
  const checkpoints = await repository.checkpoints(id);
  if (turn !== openings) return;
  const loaded: LoadedDataset = { dataset, skipped: [], duplicates: { groups: 0, acrossSplits: 0 } };
  showDataset(loaded, record.plan.question);
  showPlan(record.plan, dataset);
  showLabels(id, labels);
  useLibrary.setState({ problem: null });
  await showAudit(record, members, checkpoints);
}

/** After a reload in the middle of an audit: opens the one that was in hand, with the filters of the address. */
export async function reopenLast(): Promise<void> {
  const id = lastAudit();
  const repository = await services().repository;
  if (id === null || !(await repository.audit(id))) return;
  await openAudit(id);
}

export async function deleteAudit(id: string): Promise<void> {
  try {
    await dropAudit(id);
    const dataset = await (await services().repository).deleteAudit(id);
    if (dataset !== null) await clearShelf(dataset);
  } catch (error) {
    say('delete', error);
  }
  await refreshLibrary();
}

async function bundleOf(id: string): Promise<Bundle | null> {
  const repository = await services().repository;
  const record = await repository.audit(id);
  const dataset = record && (await repository.dataset(record.datasetHash));
  if (!record || !dataset) return null;
  const { name, origin, hash } = dataset;
  return {
    record,
    dataset: origin.kind === 'files' ? dataset : { name, origin, hash },
    members: await repository.wholeMembers(id),
    labels: await repository.labels(id),
  };
}

/** Saves one audit as a single file. */
export async function exportAudit(id: string): Promise<void> {
  try {
    await wholeData();
    const bundle = await bundleOf(id);
    if (!bundle) return;
    saveFile(
      fileName(bundle.record.name, '.longtail.zip'),
      await services().bundleFiles.pack(bundle),
      'application/zip',
    );
  } catch (error) {
    say('export', error);
  }
}

/** Takes in a file that `exportAudit` wrote and opens it. An audit that is here already keeps its own labels too. */
export async function importAudit(file: File): Promise<void> {
  await importBundle(file.name, () => file.arrayBuffer());
}

/** Where the audit lies that was trained beforehand, beside the page. */
const FINISHED = 'finished/faces.longtail.zip';
const FINISHED_ID = 'finished-faces';

/** Opens the audit of the drawn faces that comes with the app: small copies at once, the faces are drawn again meanwhile. */
export async function openFinishedAudit(): Promise<void> {
  const kept = useLibrary.getState().audits.find(({ id }) => id === FINISHED_ID);
  if (kept) {
    await openAudit(kept.id);
    return;
  }
  await importFinished();
}

async function importFinished(): Promise<void> {
  await importBundle('The finished audit', async () => {
    const response = await fetch(FINISHED);
    if (!response.ok) throw new Error('The finished audit did not come with this copy of the app.');
    return response.arrayBuffer();
  });
}

async function importBundle(name: string, read: () => Promise<ArrayBuffer>): Promise<void> {
  try {
    useLibrary.setState({ opening: name, problem: null });
    const unpacked = await services().bundleFiles.unpack(new Uint8Array(await read()), name);
    if (!unpacked.ok) {
      useLibrary.setState({ problem: unpacked.problem });
      return;
    }
    const { record, members, labels } = unpacked.value;
    const repository = await services().repository;
    const data = await dataOf(unpacked.value, repository);
    if (!data.ok) {
      useLibrary.setState({ problem: data.problem });
      return;
    }
    const { dataset, isCopy } = data.value;
    if (!isCopy) await repository.saveDataset(dataset);
    const kept = await repository.audit(record.id);
    if (!kept) await repository.saveAudit(record);
    await repository.saveMembers(record.id, members);
    await repository.appendLabels(labels);
    await refreshLibrary();
    const shown = showKept(repository, kept ?? record, dataset, ++openings);
    // Making them takes every core: first it is shown.
    if (isCopy) copiesUntil(shown.then(() => replaceCopy(repository, dataset)));
    await shown;
  } catch (error) {
    say('import', error);
  } finally {
    useLibrary.setState({ opening: null });
  }
}

/** The data of a bundle: those in it or on this device; else small copies, where it has any, or what is made again. */
async function dataOf(
  { dataset, preview }: Bundle,
  repository: Repository,
): Promise<Result<{ readonly dataset: Dataset; readonly isCopy: boolean }>> {
  if ('features' in dataset) return ok({ dataset, isCopy: false });
  const here = await repository.dataset(dataset.hash);
  if (here) return ok({ dataset: here, isCopy: false });
  if (preview)
    return ok({ dataset: { ...preview.dataset, remarks: [COPY, ...preview.dataset.remarks] }, isCopy: true });
  const made = await remake(dataset.origin, dataset.hash);
  return made.ok ? ok({ dataset: made.value, isCopy: false }) : made;
}

const COPY = 'These are small copies while the pictures are made again; those that were trained on are still blank.';

/** Makes built-in data again, keeps them, and shows them in the place of their small copies. */
async function replaceCopy(repository: Repository, copy: Dataset): Promise<void> {
  try {
    const whole = await remake(copy.origin, copy.hash);
    if (!whole.ok) {
      useLibrary.setState({ problem: whole.problem });
      return;
    }
    await repository.saveDataset(whole.value);
    replaceCopies(copy, whole.value);
  } catch (error) {
    say('dataset', error);
  }
}

/** audit.json of the evidence on screen, in the format that the command line writes, and what reviewers said under a key of its own. */
export async function saveAuditJson(): Promise<void> {
  const { state } = useEvidence.getState();
  if (state.kind !== 'ready') return;
  const reviewed = await reviewedPart();
  const content = { ...auditJson(state.audit, state.examples), ...(reviewed === null ? {} : { reviewed }) };
  saveFile('audit.json', JSON.stringify(content), 'application/json');
}

/** examples.csv and predictions.csv of the members there are, as `cli audit` reads them. */
export async function savePredictionsCsv(): Promise<void> {
  const { state } = useEvidence.getState();
  const { plan } = usePlan.getState();
  const { auditId, results } = useTraining.getState();
  if (state.kind !== 'ready' || !plan || auditId === null) return;
  try {
    const table = await tableWithProbabilities(auditId, plan, results, state.examples);
    if (!table) return;
    saveFile('examples.csv', examplesCsv(state.examples), 'text/csv');
    const pieces = predictionsCsv(table.examples, [table.baseline, ...table.compressed]);
    saveFile('predictions.csv', [...pieces].join(''), 'text/csv');
  } catch (error) {
    say('export', error);
  }
}
