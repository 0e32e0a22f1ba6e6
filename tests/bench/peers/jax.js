// The two models in jax-js: a whole step is one function, compiled once.

import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from './node_modules/@jax-js/jax/dist/index.js';
import { ADAM_EPSILON, BETA_1, BETA_2, MODELS, NORM_EPSILON, batch, oneHot, tensors } from './models.js';

/**
 * A model on a backend: `step` gives the loss before it, still on the device; `read` gives its number,
 * `pass` goes on without it.
 */
export async function open(kind, backend) {
  if (!(await init(backend)).includes(backend)) throw new Error(`jax-js has no ${backend} here.`);
  defaultDevice(backend);
  const model = MODELS[kind];
  const list = tensors(kind).map(({ shape, values }) => np.array(values).reshape(shape));
  const data = upload(kind, model);
  const forward = { mlp, gpt }[kind];
  const optimizer = kind === 'mlp' ? sgd(model) : adamw(model, list);
  const lossOf = (parameters, inputs, targets) => crossEntropy(forward(model, parameters, inputs), targets);
  const compiled = jit((parameters, memory, rates, inputs, targets) => {
    const [loss, gradients] = valueAndGrad(lossOf)(parameters.map((one) => one.ref), inputs, targets);
    return [loss, ...optimizer.update(parameters, gradients, memory, rates)];
  });
  let parameters = list;
  let { memory } = optimizer;
  const step = () => {
    let loss;
    [loss, parameters, memory] = compiled(parameters, memory, optimizer.rates(), data.inputs.ref, data.targets.ref);
    return loss;
  };
  const read = async (loss) => (await loss.data())[0];
  // On the CPU it queues what nobody reads, and then each step takes longer.
  return { step, read, pass: backend === 'wasm' ? read : (loss) => loss.dispose() };
}

function upload(kind, { batch: rows, classes }) {
  const { inputs, targets } = batch(kind);
  const ones = (indices) => np.array(oneHot(indices, classes)).reshape([indices.length, classes]);
  return { inputs: kind === 'mlp' ? np.array(inputs).reshape([rows, inputs.length / rows]) : ones(inputs), targets: ones(targets) };
}

function sgd({ lr }) {
  const update = (parameters, gradients, memory) => [parameters.map((w, at) => w.sub(gradients[at].mul(lr))), memory];
  return { update, memory: [], rates: () => [] };
}

function adamw({ lr, decay }, list) {
  const zeros = () => list.map((one) => np.zeros(one.shape));
  let t = 0;
  /** What changes from step to step goes in as an array: a number would be compiled in. */
  const rates = () => {
    t += 1;
    const root = Math.sqrt(1 - BETA_2 ** t);
    return [np.array([lr * root / (1 - BETA_1 ** t)]), np.array([ADAM_EPSILON * root])];
  };
  const update = (parameters, gradients, [first, second], [rate, epsilon]) => {
    const m = first.map((old, at) => old.mul(BETA_1).add(gradients[at].ref.mul(1 - BETA_1)));
    const v = second.map((old, at) => old.mul(BETA_2).add(np.square(gradients[at]).mul(1 - BETA_2)));
    const moved = parameters.map((w, at) => {
      const along = m[at].ref.div(np.sqrt(v[at].ref).add(epsilon.ref)).mul(rate.ref);
      return w.mul(1 - lr * decay).sub(along);
    });
    rate.dispose();
    epsilon.dispose();
    return [moved, [m, v]];
  };
  return { update, memory: [zeros(), zeros()], rates };
}

function mlp({ depth }, parameters, inputs) {
  let h = inputs;
  for (let layer = 0; layer <= depth; layer += 1) {
    const z = np.matmul(h, parameters[2 * layer]).add(parameters[2 * layer + 1]);
    h = layer < depth ? nn.relu(z) : z;
  }
  return h;
}

function gpt({ depth, width, heads, context, batch: windows }, parameters, tokens) {
  let at = 0;
  const take = () => parameters[at++];
  const linear = (x) => np.matmul(x, take()).add(take());
  const layerNorm = (x) => nn.standardize(x, -1, { epsilon: NORM_EPSILON }).mul(take()).add(take());
  const attention = (x) => {
    const qkv = linear(x).reshape([windows, context, 3, heads, width / heads]);
    const [query, key, value] = np.split(qkv, 3, 2).map((part) => np.squeeze(part, 2)); // [B, T, H, d_k]
    const mixed = nn.dotProductAttention(query, key, value, { isCausal: true });
    return linear(mixed.reshape([windows * context, width]));
  };

  const embedding = take();
  const embedded = np.matmul(tokens, embedding.ref).reshape([windows, context, width]);
  let h = embedded.add(take()).reshape([windows * context, width]); // [B·T, d]
  for (let block = 0; block < depth; block += 1) {
    h = h.ref.add(attention(layerNorm(h)));
    h = h.ref.add(linear(nn.gelu(linear(layerNorm(h)), { approximate: false })));
  }
  return np.matmul(layerNorm(h), embedding.transpose());
}

/** −⟨ln softmax(z)[target]⟩ over rows. */
function crossEntropy(logits, targets) {
  return nn.logSoftmax(logits, -1).mul(targets).sum(-1).mean().neg();
}
