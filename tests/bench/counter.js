// Put before the worker's own loader by the benchmark: counts what the engine asks of the GPU, and
// when its frames leave.
{
  const zero = () => ({ dispatches: 0, submits: 0, reads: 0, pipelines: 0, frames: [] });
  let counts = zero();

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

  const post = self.postMessage;
  self.postMessage = function counted(message, ...rest) {
    if (typeof message === 'string' && message.startsWith('{"Frame"')) {
      counts.frames.push({ at: performance.now(), step: JSON.parse(message).Frame.step });
    }
    return post.call(self, message, ...rest);
  };

  let begun = performance.now();
  self.counter = {
    reset() {
      counts = zero();
      begun = performance.now();
    },
    /** Work since the reset, and the time until the last frame. */
    read() {
      const { frames, ...work } = counts;
      return { ...work, slices: frames.length, ms: (frames.at(-1)?.at ?? begun) - begun };
    },
  };
}
