import type { ReactNode } from 'react';
import type { AuditResult } from '#audit/result.ts';
import { useData } from '#store/data.ts';
import { useEvidence } from '#store/evidence.ts';
import { useLabels } from '#store/labels.ts';
import { exportAudit, saveAuditJson, savePredictionsCsv } from '#store/library.ts';
import { saveLabels } from '#store/review-files.ts';
import { savePlanFile, usePlan } from '#store/plan.ts';
import type { EvidenceState } from '#store/state.ts';
import { useTraining } from '#store/training.ts';
import { Button } from '#ui/kit/button.tsx';
import { Empty } from '#ui/kit/empty.tsx';
import { count, list, percentNumber } from '#ui/kit/format.ts';
import { NotEstimable } from '#ui/kit/not-estimable.tsx';
import { Num } from '#ui/kit/num.tsx';
import { useAsked } from '#ui/labels/use-asked.ts';
import { findingsOf } from './findings.ts';
import { chanceOf } from '#ui/evidence/chance.ts';
import { ReviewedSection } from '#ui/evidence/reviewed-section.tsx';
import { evidenceView } from '#ui/evidence/view.ts';
import { useGallery } from '#store/gallery.ts';
import { useSecondReading } from '#ui/labels/use-second-reading.ts';
import { levelText } from '#ui/kit/levels.ts';
import { Limits } from './limits.tsx';
import { Methods } from './methods.tsx';
import { Provenance } from './provenance.tsx';
import './report.css';

/** The report: findings, numbers, methods, limits and provenance of the audit in hand, and the ways out of the app. */
export function ReportScreen() {
  const evidence = useEvidence(({ state }) => state);
  if (evidence.kind !== 'ready') {
    return (
      <Empty title="The report comes after training">
        Once there is evidence, this page puts it on paper, with its methods and limits, and saves it as a file.
      </Empty>
    );
  }
  return (
    <>
      <WaysOut />
      <Report evidence={evidence} />
    </>
  );
}

function WaysOut() {
  const auditId = useTraining((state) => state.auditId);
  return (
    <div className="bar-top">
      <span>One file opens again with every figure, table, label and seed.</span>
      <div className="acts">
        <Button small onClick={() => void saveAuditJson()}>
          audit.json
        </Button>
        <Button small onClick={() => void savePredictionsCsv()}>
          Predictions
        </Button>
        <Button small onClick={() => saveLabels('csv')}>
          Labels
        </Button>
        <Button small onClick={savePlanFile}>
          plan.json
        </Button>
        <a className="btn sm" href="#/compression">
          Weights
        </a>
        <Button
          small
          onClick={() => {
            window.print();
          }}
        >
          Print
        </Button>
        <Button
          small
          primary
          onClick={() => {
            if (auditId !== null) void exportAudit(auditId);
          }}
        >
          Save audit
        </Button>
      </div>
    </div>
  );
}

function Report({ evidence }: { readonly evidence: Extract<EvidenceState, { kind: 'ready' }> }) {
  const data = useData(({ state }) => state);
  const plan = usePlan((state) => state.plan);
  const { reviewer, board, current } = useLabels();
  const { audit, complete } = evidence;
  if (data.kind !== 'ready' || plan === null) return null;
  const [, plural] = data.dataset.noun;
  return (
    <main className="report">
      <p className="by small">Audit of a compressed model</p>
      <h1>
        {data.dataset.name}, “{plan.question.target}”: what pruning and quantization forget
      </h1>
      <p className="by small">
        {current.size === 0
          ? 'No example has been labelled yet.'
          : `Reviewed by ${reviewer === '' ? list([...board.votes.keys()]) : reviewer}: ${counted(current.size, 'example')} labelled.`}
        {complete ? '' : ' Not every planned member is in: all numbers are of the members so far.'}
      </p>
      <h2>Findings</h2>
      <ol className="find">
        {findingsOf(audit, plural, data.dataset.columns, plan.question.target).map((finding, i) => (
          <li key={i}>
            <span>
              {finding.map((part, at) =>
                typeof part === 'string' ? (
                  part
                ) : (
                  <span key={at}>
                    {part.value}
                    {part.interval === '' ? null : <span className="ci"> {part.interval}</span>}
                  </span>
                ),
              )}
            </span>
          </li>
        ))}
      </ol>
      <h2>Numbers</h2>
      <Numbers audit={audit} attribute={plan.question.attributes[0]} />
      {current.size === 0 ? null : (
        <>
          <h2>Labels</h2>
          <LabelCounts labels={current} />
          <SecondReading evidence={evidence} />
        </>
      )}
      <h2>Methods</h2>
      <Methods plan={plan} audit={audit} noun={plural} />
      <h2>Limits</h2>
      <Limits evidence={evidence} remarks={data.dataset.remarks} minCount={plan.question.minCount} />
      <h2>Provenance</h2>
      <Provenance plan={plan} dataset={data.dataset} evidence={evidence} />
    </main>
  );
}

/** At the level in hand: the label mix, the groups that reviewers annotated, and the numbers in both readings. */
function SecondReading({ evidence }: { readonly evidence: Extract<EvidenceState, { kind: 'ready' }> }) {
  const level = useGallery((state) => state.filters.level);
  const data = useData(({ state }) => state);
  const second = useSecondReading(evidence);
  if (data.kind !== 'ready') return null;
  const { name: title, noun } = data.dataset;
  const view = evidenceView(evidence, level, { title, noun, target: data.question.target, planned: null });
  return view === null ? null : <ReviewedSection view={view} second={second} />;
}

const counted = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;

function Numbers({ audit, attribute }: { readonly audit: AuditResult; readonly attribute: string | undefined }) {
  const bias = (value: number | null | undefined): ReactNode =>
    value === null || value === undefined ? <NotEstimable reason="a rate is missing" /> : value.toFixed(3);
  return (
    <table className="tbl">
      <caption>Means over members with 95 % intervals. More than chance compares halves of equal size.</caption>
      <thead>
        <tr>
          <th scope="col">Level</th>
          <th scope="col">Accuracy</th>
          <th scope="col">Changed</th>
          <th scope="col">More than chance</th>
          <th scope="col">Accuracy on them</th>
          {attribute === undefined ? null : <th scope="col">Bias, {attribute}</th>}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Baseline</th>
          <td>
            <Num estimate={audit.baseline.top1.both} format={percentNumber} unit="%" />
          </td>
          <td />
          <td />
          <td />
          {attribute === undefined ? null : (
            <td>{bias(audit.comparisons[0]?.equalizedOddsBias[attribute]?.baseline)}</td>
          )}
        </tr>
        {audit.comparisons.map((comparison) => {
          const { excess } = chanceOf(audit, comparison);
          return (
            <tr key={comparison.level}>
              <th scope="row">{levelText(comparison.level)}</th>
              <td>
                <Num estimate={comparison.population.top1.both} format={percentNumber} unit="%" />
              </td>
              <td>
                <Num estimate={comparison.modalCie.count.both} format={count} />
              </td>
              <td>
                {excess === null ? (
                  <NotEstimable reason="4 members needed" />
                ) : (
                  <Num estimate={excess} format={(value) => value.toFixed(1)} />
                )}
              </td>
              <td>
                <Num
                  estimate={comparison.accuracy.modalCie.compressedEstimate.both}
                  format={percentNumber}
                  unit="%"
                  reason="none changed"
                />
              </td>
              {attribute === undefined ? null : <td>{bias(comparison.equalizedOddsBias[attribute]?.compressed)}</td>}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function LabelCounts({ labels }: { readonly labels: ReadonlyMap<string, readonly string[]> }) {
  const { nameOf } = useAsked();
  const counts = new Map<string, number>();
  for (const own of labels.values()) for (const label of own) counts.set(label, (counts.get(label) ?? 0) + 1);
  return (
    <table className="tbl">
      <caption>{counted(labels.size, 'example')} labelled; one can have several labels.</caption>
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Examples</th>
        </tr>
      </thead>
      <tbody>
        {[...counts].sort().map(([label, n]) => (
          <tr key={label}>
            <th scope="row">{nameOf(label)}</th>
            <td>{count(n)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
