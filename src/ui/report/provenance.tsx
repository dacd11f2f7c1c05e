import { levelName, type PruningSemantics, type PrunedSpec } from '#compression/spec.ts';
import type { Dataset } from '#dataset/dataset.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { EvidenceState } from '#store/state.ts';
import { useTraining } from '#store/training.ts';
import { count, upperFirst } from '#ui/kit/format.ts';
import { levelText } from '#ui/kit/levels.ts';
import {
  augmentationWords,
  calibrationWords,
  layerWords,
  lossWords,
  MODEL_NAMES,
  optimizerWords,
  qatWords,
  scheduleWords,
  SEMANTICS,
} from '#ui/kit/plan-words.ts';

interface ProvenanceProps {
  readonly plan: Plan;
  readonly dataset: Dataset;
  readonly evidence: Extract<EvidenceState, { kind: 'ready' }>;
}

/** The schedule and the achieved sparsities of the levels under these semantics; null where there are none. */
function pruningWords(
  plan: Plan,
  semantics: PruningSemantics,
  achieved: (level: string) => number | undefined,
): string | null {
  const levels = plan.levels.filter(
    (level): level is PrunedSpec => level.kind === 'pruned' && level.semantics === semantics,
  );
  if (levels.length === 0) return null;
  const said = levels.map((level) => {
    const measured = achieved(levelName(level));
    const { begin, end, every } = level;
    const value = measured === undefined ? 'not yet' : measured.toFixed(4);
    const scope = level.scope === 'global' ? ' over all tensors' : '';
    return `${String(level.sparsity)}${scope}: ${value} (steps ${count(begin)} to ${count(end)}, every ${count(every)})`;
  });
  return `as in ${SEMANTICS[semantics].code}, per tensor where nothing else is said; achieved sparsity ${said.join(', ')}`;
}

/** What a level of another kind than weights pruned or rounded is; null for those. */
function otherWords(level: Plan['levels'][number]): string | null {
  switch (level.kind) {
    case 'structured':
      return `filters and neurons of smallest ${level.norm.toUpperCase()} norm removed, steps ${count(level.begin)} to ${count(level.end)}, every ${count(level.every)}`;
    case 'distilled':
      return `student ${MODEL_NAMES[level.student.kind]}, ${layerWords(level.student)}; temperature ${String(level.temperature)}, weight of the soft loss ${String(level.weight)}; its teacher is the baseline member of the same seed`;
    case 'pipeline':
      return level.stages.map((stage) => levelText(levelName(stage))).join(', then ');
    case 'pruned':
    case 'hybrid-int8':
    case 'fixed-int8':
    case 'qat-int8':
      return null;
    default:
      return level satisfies never;
  }
}

/** Everything needed to do it again. */
export function Provenance({ plan, dataset, evidence }: ProvenanceProps) {
  const admission = useTraining((state) => state.admission);
  const views = augmentationWords(plan.augmentation);
  const rows: readonly (readonly [string, string])[] = [
    [
      'Data',
      `${dataset.name}, ${count(dataset.ids.length)} ${dataset.noun[1]}, ${count(evidence.examples.ids.length)} audited; SHA-256 ${dataset.hash}`,
    ],
    ['Model', `${MODEL_NAMES[plan.model.kind]}, ${layerWords(plan.model)}`],
    [
      'Training',
      `${count(plan.steps)} steps of ${count(plan.batchSize)}; ${lossWords(plan.loss)}; ${optimizerWords(plan.optimizer)}; learning rate ${String(plan.learningRate)}, ${scheduleWords(plan.schedule)}; ${views === null ? 'no augmentation' : `images ${views}`}; ${String(plan.members)} members a level`,
    ],
    ...(['hooker', 'tfmot'] as const).flatMap((semantics) => {
      const words = pruningWords(plan, semantics, (level) => evidence.sizes[level]?.achievedSparsity);
      return words === null ? [] : [[`Pruning, ${SEMANTICS[semantics].name}`, words] as const];
    }),
    ...plan.levels.flatMap((level) =>
      level.kind === 'qat-int8' ? [['QAT int8', qatWords(level, plan.steps)] as const] : [],
    ),
    ...plan.levels.flatMap((level) => {
      const said = otherWords(level);
      return said === null ? [] : [[upperFirst(levelText(levelName(level))), said] as const];
    }),
    ...plan.levels.flatMap((level) =>
      level.kind === 'fixed-int8'
        ? [[upperFirst(levelText(levelName(level))), `activation ranges from ${calibrationWords(level)}`] as const]
        : [],
    ),
    ['Seeds', `plan seed ${String(plan.seed)}; member m of every level shares initial weights and batches`],
    [
      'Backend',
      admission === null
        ? 'not recorded'
        : `${admission.backend}, ${admission.detail}, ${String(admission.workers)} workers. ${admission.reason}`,
    ],
  ];
  return (
    <table className="tbl provenance">
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
