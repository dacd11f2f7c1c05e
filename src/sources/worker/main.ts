import type { SourceMessage } from '#sources/protocol.ts';
import { createCanvasDecoder, paintPortrait } from './canvas.ts';
import { createSourceHandlers } from './handlers.ts';

const handlers = createSourceHandlers(
  { decoder: createCanvasDecoder, portrait: paintPortrait, fetchFile: (url) => fetch(url) },
  (answer, transfer) => {
    postMessage(answer, transfer);
  },
);
addEventListener('message', (event: MessageEvent<SourceMessage>) => {
  handlers.receive(event.data);
});
