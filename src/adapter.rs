//! The browser's GPU: looked at through JavaScript first, because Burn's runtime panics on an
//! adapter that lacks `timestamp-query`, and a panic in wasm is the end of the worker.

use burn::tensor::Device;
use burn_wgpu::{WgpuBackend, WgpuSetup};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::engine::device::{Fate, GpuAdapter, OpenGpu};
use crate::lab::protocol::{DeviceReason, Event, Failure};
use crate::port::worker::{post, within};

/// Dispatches gathered into one submit. Each submit is a call into another process; a step of the
/// largest model has some thousand dispatches.
const TASKS: usize = 256;

/// How long a GPU may take to answer a question, in milliseconds: a driver that hangs must not keep the CPU from training.
const PATIENCE: i32 = 5000;

/// Opens WebGPU in this worker.
pub struct BrowserGpu;

impl OpenGpu for BrowserGpu {
    async fn open(&mut self, software_too: bool) -> Result<GpuAdapter, DeviceReason> {
        let seen = within(PATIENCE, look()).await.ok_or(DeviceReason::NoAnswer)?.ok_or(DeviceReason::NoWebGpu)?;
        if seen.software && !software_too {
            return Err(DeviceReason::SoftwareOnly);
        }
        if !seen.timestamps {
            return Err(DeviceReason::NoTimestampQuery);
        }
        let options = Device::wgpu_options().tasks_max(TASKS).graphics_api(WgpuBackend::WebGpu);
        let made = within(PATIENCE, options.init_with_setup_async()).await.ok_or(DeviceReason::NoAnswer)?;
        let (device, setup) = made.map_err(|_| DeviceReason::NoDevice)?;
        let fate = Fate::default();
        report_loss(&setup, fate.clone());
        Ok(GpuAdapter { device, name: seen.name, software: seen.software, most: most(&setup), fate })
    }
}

/// The page is told of a loss that a run is lost with; any other is remembered.
fn report_loss(setup: &WgpuSetup, fate: Fate) {
    setup.device.set_device_lost_callback(move |_, message| {
        if fate.lose(message.clone()) {
            post(Event::Failed(Failure::DeviceLost(message)));
        }
    });
}

/// Bytes that a kernel can be given in one piece. Burn's runtime allocates no more for a tensor.
fn most(setup: &WgpuSetup) -> u64 {
    let limits = setup.device.limits();
    limits.max_storage_buffer_binding_size.min(limits.max_buffer_size)
}

/// What the browser says of its adapter.
struct Seen {
    name: String,
    software: bool,
    timestamps: bool,
}

async fn look() -> Option<Seen> {
    let gpu = field(&field(&js_sys::global(), "navigator")?, "gpu")?;
    let request: Function = field(&gpu, "requestAdapter")?.dyn_into().ok()?;
    let promise: Promise = request.call0(&gpu).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(promise).await.ok().filter(JsValue::is_object)?;
    let info = field(&adapter, "info").unwrap_or(JsValue::UNDEFINED);
    let word = |key: &str| field(&info, key).and_then(|value| value.as_string()).unwrap_or_default();
    let words = ["description", "vendor", "architecture", "device"].map(word);
    let all = words.join(" ").to_lowercase();
    let fallback =
        [&info, &adapter].iter().any(|object| field(object, "isFallbackAdapter").is_some_and(|v| v.is_truthy()));
    let named =
        ["swiftshader", "llvmpipe", "lavapipe", "software", "basic render"].iter().any(|name| all.contains(name));
    let [description, vendor, architecture, _] = words;
    let name = if description.is_empty() { format!("{vendor} {architecture}").trim().to_owned() } else { description };
    let name = if name.is_empty() { "WebGPU".to_owned() } else { name };
    Some(Seen { name, software: fallback || named, timestamps: has(&adapter, "timestamp-query") })
}

fn has(adapter: &JsValue, feature: &str) -> bool {
    let ask = || -> Option<bool> {
        let features = field(adapter, "features")?;
        let has: Function = field(&features, "has")?.dyn_into().ok()?;
        Some(has.call1(&features, &feature.into()).ok()?.is_truthy())
    };
    ask().unwrap_or(false)
}

fn field(object: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(object, &key.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}
