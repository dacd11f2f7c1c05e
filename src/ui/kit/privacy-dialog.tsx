import { Dialog } from './dialog.tsx';

/** What the promise in the foot means and three ways to test it. */
export function PrivacyDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} title="Nothing leaves this browser" onClose={onClose}>
      <p>Your files, the models and your labels stay on this device. Three ways to check that:</p>
      <ol className="steps">
        <li>
          Open the developer tools (F12), then Network. While you choose data, train and label, nothing is sent: there
          are only parts of this page, from where the page came.
        </li>
        <li>Take the device off the network once this page is loaded and a stage was opened. What is open goes on.</li>
        <li>
          Read the page's source: its content security policy allows connections to the page's own address and no other,
          and the browser enforces it.
        </li>
      </ol>
    </Dialog>
  );
}
