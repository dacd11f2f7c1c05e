import { ButtonLink } from '#ui/kit/button.tsx';
import './labels.css';

/** From the gallery to the blinded review, and to who else has labelled. */
export function ReviewLinks() {
  return (
    <section className="review-links">
      <ButtonLink primary href="#/blind">
        Review blinded
      </ButtonLink>
      <p className="no">hides votes and groups, mixes in controls</p>
      <a href="#/questions">Questions and keys</a>
      <a href="#/reviewers">Reviewers and files of labels</a>
    </section>
  );
}
