import type { Dataset } from '#dataset/dataset.ts';
import type { ModelSpec, Plan } from '#engine/model/plan.ts';
import type { EvidenceState } from '#store/state.ts';
import { useTraining } from '#store/training.ts';
import { count } from '#ui/kit/format.ts';

interface ProvenanceProps {
  readonly plan: Plan;
  readonly dataset: Dataset;
  readonly evidence: Extract<EvidenceState, { kind: 'ready' }>;
}

function modelText(model: ModelSpec): string {
  return model.kind === 'cnn-small'
    ? `small CNN, ${model.filters.join(' and ')} filters, ${model.dense.join(' and ')} dense units`
    : `MLP, ${String(model.hidden.length)} hidden layers (${model.hidden.join(', ')})`;
}

/** Everything needed to do it again. */
export function Provenance({ plan, dataset, evidence }: ProvenanceProps) {
  const admission = useTraining((state) => state.admission);
  const pruned = plan.levels.filter((spec) => spec.kind === 'pruned');
  const achieved = pruned.map((spec) => {
    const measured = evidence.sizes[`pruned-${String(spec.sparsity)}`]?.achievedSparsity;
    return `${String(spec.sparsity)}: ${measured === undefined ? 'not yet' : measured.toFixed(4)}`;
  });
  const rows: readonly (readonly [string, string])[] = [
    [
      'Data',
      `${dataset.name}, ${count(dataset.ids.length)} ${dataset.noun[1]}, ${count(evidence.examples.ids.length)} audited; SHA-256 ${dataset.hash}`,
    ],
    ['Model', modelText(plan.model)],
    [
      'Plan',
      `${count(plan.steps)} steps of ${String(plan.batchSize)}, learning rate ${String(plan.learningRate)}, ${plan.optimizer.kind}; ${String(plan.members)} members a level`,
    ],
    ...(pruned.length === 0
      ? []
      : [['Pruning', `semantics “hooker”, per tensor; achieved sparsity ${achieved.join(', ')}`] as const]),
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
