//! Where there is a GPU, `auto` tries both devices and says which was faster.

use burn::tensor::Device;
use init_lab::engine::device::{Fate, GpuAdapter, OpenGpu};
use init_lab::engine::host::Host;
use init_lab::lab::protocol::{Command, Device as Kind, DeviceReason, DeviceReport, Event, Progress};

use crate::driven::{start, turn};

/// A second CPU that calls itself a GPU.
struct Twin;

impl OpenGpu for Twin {
    async fn open(&mut self, _: bool) -> Result<GpuAdapter, DeviceReason> {
        let (device, fate) = (Device::flex(), Fate::default());
        Ok(GpuAdapter { device, name: "twin".to_owned(), software: false, most: u64::MAX, fate })
    }
}

fn send(host: &mut Host<Twin>, command: Command) -> (usize, Option<DeviceReport>) {
    let (_, events) = turn(host, [command]);
    let compared = events.iter().filter(|event| matches!(event, Event::Progress(Progress::Comparing))).count();
    let report =
        events.into_iter().find_map(|event| if let Event::Device(report) = event { Some(report) } else { None });
    (compared, report)
}

#[test]
fn auto_takes_the_faster_device_and_says_so() {
    let mut host = Host::new(Twin);
    let (compared, report) = send(&mut host, start(1, "depth=2&width=16&batch=8"));
    let report = report.expect("a device");
    assert_eq!(compared, 1);
    // Two of a kind: either may win, but what is said is what is used.
    let expected = if report.device == Kind::Cpu { DeviceReason::CpuFaster } else { DeviceReason::GpuFaster };
    assert_eq!(report.reason, Some(expected));
    // A drag of σ starts the same network again and again: it is not tried again.
    assert_eq!(send(&mut host, start(2, "depth=2&width=16&batch=8&std=0.3")), (0, None));
    // Another kind of step is.
    assert_eq!(send(&mut host, start(3, "depth=2&width=16&batch=8&opt=adam")).0, 1);
}

#[test]
fn what_was_chosen_is_not_compared_nor_is_a_large_network() {
    let mut host = Host::new(Twin);
    let (compared, report) = send(&mut host, start(1, "depth=2&width=16&device=cpu"));
    assert_eq!((compared, report.map(|report| report.reason)), (0, Some(Some(DeviceReason::Asked))));
    let (compared, report) = send(&mut host, start(2, "depth=2&width=16&device=webgpu"));
    assert_eq!((compared, report.map(|report| report.device)), (0, Some(Kind::WebGpu)));
    let (compared, report) = send(&mut Host::new(Twin), start(1, "depth=2&width=1024&batch=128"));
    let report = report.expect("a device");
    assert_eq!(
        (compared, report.device, report.reason),
        (0, Kind::WebGpu, None),
        "nothing is said that was not measured"
    );
}
