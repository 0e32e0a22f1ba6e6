// Put before a worker's own loader by the benchmark, and on the pages of the peers: counts what is
// asked of the GPU, and when slices of training end.
{
  const zero = () => ({ dispatches: 0, submits: 0, reads: 0, pipelines: 0 });
  let counts = zero();
  let marks = [];
  let begun = performance.now();

  const count = (type, method, name) => {
    const prototype = globalThis[type]?.prototype;
    if (!prototype?.[method]) return;
    const original = prototype[method];
    prototype[method] = function counted(...args) {
      counts[name] += 1;
      return original.apply(this, args);
    };
  };
  count('GPUComputePassEncoder', 'dispatchWorkgroups', 'dispatches');
  count('GPUComputePassEncoder', 'dispatchWorkgroupsIndirect', 'dispatches');
  count('GPUQueue', 'submit', 'submits');
  count('GPUBuffer', 'mapAsync', 'reads');
  count('GPUDevice', 'createComputePipeline', 'pipelines');
  count('GPUDevice', 'createComputePipelineAsync', 'pipelines');

  self.counter = {
    reset() {
      counts = zero();
      marks = [];
      begun = performance.now();
    },
    /** A slice ends: training has come to a step, or to a share of its steps. */
    mark(step, more) {
      marks.push({ at: performance.now() - begun, step, ...more, ...counts });
      // For who traces the browser.
      performance.mark('slice');
    },
    /** The slices' ends since the reset, with the work until then. */
    read: () => marks,
  };

  // What the lab's worker says at the end of a slice: a frame, or what has changed in an experiment.
  const post = self.postMessage;
  self.postMessage = function counted(message, ...rest) {
    if (typeof message === 'string' && /^\{"(Frame|update)"/.test(message)) {
      const { Frame: frame, update } = JSON.parse(message);
      self.counter.mark(frame ? frame.step : update.share, { judged: frame ? frame.valLoss !== null : update.over });
    }
    return post.call(self, message, ...rest);
  };
}
