import { useLabels, setReviewer } from '#store/labels.ts';
import { ButtonLink } from '#ui/kit/button.tsx';
import { Empty } from '#ui/kit/empty.tsx';
import { Field } from '#ui/kit/field.tsx';
import { count } from '#ui/kit/format.ts';
import { Note } from '#ui/kit/note.tsx';
import { PageHead } from '#ui/kit/page-head.tsx';
import { DataTable } from '#ui/kit/table-twin.tsx';
import { Agreement } from './agreement.tsx';
import { Disagreements } from './disagreements.tsx';
import { LabelFiles } from './label-files.tsx';
import './labels.css';
import { useReviewRoom } from './room.ts';

/** Who labelled how many, how far they agree, what is to be settled, and the files that labels come and go in. */
export function ReviewersScreen() {
  const room = useReviewRoom();
  const { board, reviewer, problem } = useLabels();
  if (!room) return <Empty title="Reviewers">Reviewers and their labels are here once the audit has evidence.</Empty>;
  const names = [...new Set([...board.votes.keys(), ...board.notes.keys()])].sort();
  return (
    <main className="page review-page">
      <PageHead
        over={<a href="#/gallery">Gallery</a>}
        title="Reviewers"
        action={
          <ButtonLink primary href="#/blind">
            Review blinded
          </ButtonLink>
        }
      />
      {problem ? <Note tone="warn" fact={problem.message} live /> : null}
      <section aria-labelledby="who">
        <h2 id="who">Who labelled</h2>
        {names.length === 0 ? (
          <p className="small">Nobody has labelled anything yet. Labels given in the gallery are counted here.</p>
        ) : (
          <DataTable
            caption="Examples with at least one label in force, and examples with a note, by reviewer."
            columns={[
              { name: 'Reviewer' },
              { name: 'Labelled', numeric: true },
              { name: 'Notes', numeric: true },
              { name: 'Settled', numeric: true },
            ]}
            rows={names.map((name) => ({
              key: name,
              highlight: name === reviewer,
              cells: [
                name === reviewer ? `${name} (you)` : name,
                count(board.votes.get(name)?.size ?? 0),
                count(board.notes.get(name)?.size ?? 0),
                count([...board.settled.values()].filter((one) => one.reviewer === name).length),
              ],
            }))}
          />
        )}
        <Field
          label="Your name"
          hint="On every label that you give from now on. Labels already given keep the name they have."
          control={(props) => (
            <input
              {...props}
              key={reviewer}
              type="text"
              defaultValue={reviewer}
              onBlur={(event) => setReviewer(event.currentTarget.value)}
            />
          )}
        />
      </section>
      <Agreement />
      <Disagreements room={room} />
      <LabelFiles />
    </main>
  );
}
