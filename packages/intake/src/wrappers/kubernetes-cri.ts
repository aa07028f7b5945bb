import type { Wrapper } from '../format.js';
import { refuse } from '../parsed-line.js';
import { parseIsoTime } from '../values/time-text.js';

const LINE =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP])(?::[^ ]{0,200})?(?: |$)/;

/** Logs of containers under Kubernetes (CRI): P is a part, F the last one or the whole. */
export const kubernetesCri: Wrapper = {
  name: 'kubernetes-cri',
  title: 'Kubernetes container log (CRI)',
  reference: 'https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md',
  detect: ({ text }) => LINE.test(text),
  unwrap({ text }) {
    const match = LINE.exec(text);
    if (match === null) return refuse('unknown_format', 'no line of a container log (CRI)');
    const [whole, time, stream, tag] = match;
    const timestamp = parseIsoTime(time as string);
    if (timestamp === undefined) return refuse('invalid_time', `no such time: ${time}`);
    return {
      text: text.slice(whole.length),
      isPartial: tag === 'P',
      stream,
      outer: { timestamp, data: { stream } },
    };
  },
};
